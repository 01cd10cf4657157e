import { randomUUID } from 'node:crypto';
import type { Enqueue } from '../../contract/async-invocation.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { FunctionVersion } from '../../contract/function-version.ts';
import { toHostAnswer } from '../../contract/host-call.ts';
import type { Invocation } from '../../contract/invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import { ASYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { Scope } from '../../contract/scope.ts';
import { CallError, invalid, tooManyWaiting } from '../call-error.ts';
import type { Capabilities, Request } from '../capability.ts';
import type { Grants } from '../grants.ts';
import { parseLineage } from './lineage.ts';

/** What invoking takes of the rest of the house. What throws throws LambdaErrors, which the guest reads as values. */
export interface InvokeDeps {
  readonly grants: Grants;
  /** What a name means, whether there is such a function or not. The ARN has the qualifier, where one was said. */
  readonly parseName: (scope: Scope, functionName: string, qualifier?: string) => ParsedName;
  readonly resolve: (scope: Scope, functionName: string, qualifier?: string) => Promise<FunctionVersion>;
  readonly mayLoop: (scope: Scope, functionName: string) => boolean;
  readonly parseEvent: (body: Uint8Array) => Uint8Array;
  readonly invoke: Invoker;
  readonly enqueue: Enqueue;
  readonly toResult: (
    invocation: Invocation,
    outcome: Outcome,
  ) => { readonly payload: Uint8Array | string; readonly failed: boolean };
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export interface ParsedName {
  readonly arn: string;
  readonly name: string;
  readonly qualifier?: string;
}

/** Invocations of other functions of the account and region: `lambda:InvokeFunction` on the function's ARN. */
export function createInvoke(deps: InvokeDeps): Capabilities {
  return {
    async invoke(request) {
      try {
        return await invoke(deps, request);
      } catch (error) {
        if (error instanceof LambdaError) throw new CallError(error.code, error.message);
        throw error;
      }
    },
  };
}

async function invoke(deps: InvokeDeps, { head, body, caller, invocation, park }: Request) {
  const named = deps.parseName(caller, head.text('function'), head.optionalText('qualifier'));
  const { name, qualifier } = named;
  const type = head.optionalText('type') ?? 'RequestResponse';
  if (type !== 'RequestResponse' && type !== 'Event') throw invalid('"type" must be "RequestResponse" or "Event".');
  await deps.grants.demand(caller, 'lambda:InvokeFunction', named.arn);
  const target = await deps.resolve(caller, name, qualifier);
  const lineage = parseLineage(invocation.traceId, caller.arn).followedBy(target.arn);
  if (lineage.isLoopOf(target.arn) && !deps.mayLoop(caller, name)) {
    const message = `${target.arn} invokes itself, through others or not, and was stopped after 16 turns.`;
    throw new CallError('RecursiveInvocationException', message);
  }
  const requestId = randomUUID();
  const traceId = lineage.writeTo(invocation.traceId);
  const event = deps.parseEvent(body);
  const receivedAt = deps.clock();
  if (type === 'Event') {
    if (body.byteLength > ASYNC_REQUEST_BYTES) throw tooLarge(body.byteLength);
    const scope = { accountId: caller.accountId, region: caller.region };
    await deps.enqueue({
      ...{ requestId, scope, functionName: name, event, receivedAt, traceId },
      ...(qualifier === undefined ? {} : { qualifier }),
    });
    return toHostAnswer({ status: 202, requestId });
  }
  if (!park()) throw tooManyWaiting();
  const { traceState } = invocation;
  const state = traceState === undefined ? {} : { traceState };
  const next: Invocation = { requestId, target, event, receivedAt, traceId, ...state, isNested: true };
  const { payload, failed } = deps.toResult(next, await deps.invoke(next));
  const functionError = failed ? { functionError: 'Unhandled' } : {};
  const answer = { status: 200, requestId, executedVersion: target.version, ...functionError };
  return toHostAnswer(answer, typeof payload === 'string' ? Buffer.from(payload) : payload);
}

function tooLarge(bytes: number): CallError {
  const message = `${bytes} byte payload is too large for the Event invocation type (limit ${ASYNC_REQUEST_BYTES} bytes)`;
  return new CallError('RequestEntityTooLargeException', message);
}
