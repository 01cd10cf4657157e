import { onTestFinished } from 'vitest';
import type { Capabilities } from '../../runtime/capabilities/capability.ts';
import { createHostCalls, Grants } from '../../runtime/capabilities/index.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { toFunctionVersion } from '../support/function-version.ts';

/** What a call was answered: the head, read, and the bytes as text. */
export interface Answered {
  readonly head: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface CallOptions {
  readonly body?: string | Uint8Array;
  readonly target?: Partial<FunctionVersion>;
  readonly traceId?: string;
  readonly signal?: AbortSignal;
  readonly park?: () => boolean;
}

/** Grants that allow what `allowed` names: `action resource`, or with a star for the rest. */
export function grantsOf(...allowed: string[]): Grants {
  const matches = (pattern: string, asked: string) =>
    pattern.endsWith('*') ? asked.startsWith(pattern.slice(0, -1)) : asked === pattern;
  return new Grants({
    ready: () => undefined,
    judge: ({ action, resource }) => ({
      decision: allowed.some((pattern) => matches(pattern, `${action} ${resource}`)) ? 'allowed' : 'unmentioned',
      by: 'identity',
    }),
  });
}

/** Calls the capabilities as the pool would. A call that fails for no reason of its own fails the test. */
export function callerOf(capabilities: Capabilities): (head: unknown, options?: CallOptions) => Promise<Answered> {
  const failures: Error[] = [];
  onTestFinished(() => {
    if (failures[0]) throw failures[0];
  });
  const serve = createHostCalls(capabilities, (error) => failures.push(error));
  return async (head, { body = '', target, traceId = '', signal, park = () => true } = {}) => {
    const answer = await serve({
      head: Buffer.from(typeof head === 'string' ? head : JSON.stringify(head)),
      body: Buffer.from(body),
      invocation: {
        ...{ requestId: 'r', traceId, receivedAt: Date.now(), event: new Uint8Array() },
        target: toFunctionVersion('f', target),
      },
      signal: signal ?? new AbortController().signal,
      park,
    });
    return { head: JSON.parse(Buffer.from(answer.head).toString()), text: Buffer.from(answer.body).toString() };
  };
}
