import type { AsyncEnding } from './async-invocation.ts';
import type { Invocation } from './invocation.ts';
import type { Outcome } from './outcome.ts';

/** What the core tells the outside. Hooks must be cheap and must not throw; telemetry implements them. */
export interface Observer {
  /** An invocation ended, refusals included. */
  invocationEnded(invocation: Invocation, outcome: Outcome): void;
  /** An invocation that takes long has logged these lines since this was told last; its outcome will have them again. */
  invocationLogged(invocation: Invocation, log: string): void;
  /** An artifact was compiled and its image opened. Durations in milliseconds. */
  artifactLoaded(artifact: string, phases: { readonly compileMs: number; readonly imageMs: number }): void;
  /** An asynchronous event is done with. */
  asyncEventEnded(functionName: string, ending: AsyncEnding): void;
  /** A thread ended without being asked to; `lost` invocations were answered as crashed. */
  threadDied(reason: string, lost: number): void;
  /** Something the operator should know, in one sentence. */
  noticed(level: 'info' | 'warn' | 'error', message: string): void;
}

export const silentObserver: Observer = {
  invocationEnded() {},
  invocationLogged() {},
  artifactLoaded() {},
  asyncEventEnded() {},
  threadDied() {},
  noticed() {},
};
