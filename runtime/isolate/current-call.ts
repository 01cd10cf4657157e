import type { Draw } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import {
  type AskHost,
  type AwaitedAnswer,
  type HostAnswer,
  type HostRequest,
  toHostError,
} from '../contract/host-call.ts';
import type { Invocation } from '../contract/invocation.ts';
import { toTraceparent } from '../contract/trace-context.ts';
import { toUtf8 } from './guest-memory.ts';
import { type ChunkPort, GuestOutput } from './guest-output.ts';
import type { InvocationLog } from './invocation-log.ts';
import { type InitializationType, toReservedVariables } from './reserved-variables.ts';

/**
 * What host functions answer from, for one isolate: the invocation that is running, or none during initialisation, when
 * a guest sees neither environment nor context, so that neither gets into an image.
 */
export class CurrentCall {
  readonly log: InvocationLog;
  readonly #ask: AskHost | undefined;
  readonly output: GuestOutput = new GuestOutput();
  #draws: Map<string, Draw> | undefined;
  #invocation: Invocation | undefined;
  #deadlineMs = 0;
  #context: Uint8Array | undefined;
  /** An isolate's target does not change: only what each call brings is new. */
  #reserved: ReturnType<typeof toReservedVariables> | undefined;
  #variables: Readonly<Record<string, string>> | undefined;
  /** How the isolate was started; to be told before its first call. */
  initializationType: InitializationType = 'on-demand';
  /** One at a time, so that nothing piles up. */
  #answer: HostAnswer | undefined;

  constructor(log: InvocationLog, ask?: AskHost) {
    this.log = log;
    this.#ask = ask;
  }

  begin(invocation: Invocation, deadlineMs: number, stream?: ChunkPort): void {
    this.output.begin(stream);
    this.#invocation = invocation;
    this.#deadlineMs = deadlineMs;
    this.#context = undefined;
  }

  /** Remembers draws from now on: for the image that is about to be taken. */
  watchDraws(): void {
    this.#draws = new Map();
  }

  get draws(): readonly Draw[] {
    return [...(this.#draws?.values() ?? [])];
  }

  /** To be told by every host function whose answer differs from call to call. */
  drew(what: Draw['what'], name: string): void {
    if (this.#draws && !this.#draws.has(name)) this.#draws.set(name, { what, name });
  }

  end(): void {
    this.output.end();
    this.#invocation = undefined;
    this.#context = undefined;
    this.#answer = undefined;
  }

  /** What the last host call answered. */
  get answer(): HostAnswer | undefined {
    return this.#answer;
  }

  forgetAnswer(): void {
    this.#answer = undefined;
  }

  /** Asks the host, waits as `wait` does, and keeps the answer. */
  ask(request: HostRequest, wait: (awaited: AwaitedAnswer) => void): HostAnswer {
    this.#answer = undefined;
    this.#answer = this.#invocation && this.#ask ? answerOf(this.#ask(request), wait) : NOT_NOW;
    return this.#answer;
  }

  env(name: string): Uint8Array | undefined {
    const { variables } = this;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === undefined ? undefined : toUtf8(value);
  }

  /** What the client set and what Lambda sets. */
  get variables(): Readonly<Record<string, string>> {
    if (!this.#invocation) return {};
    const { target, traceId } = this.#invocation;
    if (this.#variables?._X_AMZN_TRACE_ID === traceId) return this.#variables;
    this.#reserved ??= toReservedVariables(target, this.initializationType);
    const { defaults, fixed } = this.#reserved;
    const trace = target.arn === '' ? {} : { _X_AMZN_TRACE_ID: traceId };
    this.#variables = { ...defaults, ...target.environment, ...fixed, ...trace };
    return this.#variables;
  }

  /** Lambda's context object as JSON, UTF-8. */
  context(): Uint8Array | undefined {
    if (!this.#invocation) return undefined;
    this.#context ??= toUtf8(JSON.stringify(toContext(this.#invocation, this.#deadlineMs)));
    return this.#context;
  }
}

function toContext(invocation: Invocation, deadlineMs: number): Record<string, unknown> {
  const target: FunctionVersion = invocation.target;
  const traceparent = toTraceparent(invocation.traceId);
  return {
    awsRequestId: invocation.requestId,
    functionName: target.name,
    functionVersion: target.version,
    invokedFunctionArn: target.arn,
    memoryLimitInMB: target.memoryMb,
    deadlineMs,
    traceId: invocation.traceId,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(invocation.clientContext === undefined ? {} : { clientContext: invocation.clientContext }),
  };
}

function answerOf(awaited: AwaitedAnswer, wait: (awaited: AwaitedAnswer) => void): HostAnswer {
  wait(awaited);
  return awaited.take();
}

const NOT_NOW = toHostError('NotAvailable', 'The host can be called in invocations only, not in initialisation.');
