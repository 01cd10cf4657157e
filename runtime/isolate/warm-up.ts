import type { FunctionVersion } from '../contract/function-version.ts';
import type { Invocation } from '../contract/invocation.ts';
import { EPHEMERAL_STORAGE_MB, INIT_TIMEOUT_MS } from '../contract/limits.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { BuildOptions } from './build-options.ts';
import { toUtf8 } from './guest-memory.ts';

/** The request id that a handler finds while it is warmed up. */
export const WARM_UP_ID = '00000000-0000-0000-0000-000000000000';
/** A refusal quotes so much of the log's end. */
const QUOTED_CHARACTERS = 1_000;

/** The version as initialisation sees it: nothing of it is secret, nothing of it is one function's, so that images are shared. */
export function toDraftVersion({ memoryMb, handler }: BuildOptions): FunctionVersion {
  return {
    ...{
      arn: '',
      name: '',
      version: '$LATEST',
      revision: '',
      artifact: '',
      image: '',
      package: '',
      role: '',
      handler,
      memoryMb,
    },
    ...{ timeoutMs: INIT_TIMEOUT_MS, ephemeralStorageMb: EPHEMERAL_STORAGE_MB.min, environment: {} },
    ...{ logGroup: '', logStream: '', isolation: 'invocation', fuelBudget: Number.POSITIVE_INFINITY },
  };
}

/** The invocation that warms a function up. */
export function toWarmUp(options: BuildOptions, event: string): Invocation {
  return {
    ...{ requestId: WARM_UP_ID, target: toDraftVersion(options), event: toUtf8(event) },
    ...{ receivedAt: Date.now(), traceId: '' },
  };
}

/** What the deployer should read about a warm-up that did not end well. */
export function whyFailed(outcome: Outcome): string {
  const said = 'log' in outcome && outcome.log ? ` It logged: ${outcome.log.slice(-QUOTED_CHARACTERS).trimEnd()}` : '';
  switch (outcome.kind) {
    case 'function-error':
      return `${outcome.error.errorType}: ${outcome.error.errorMessage}${said}`;
    case 'timed-out':
      return `The function did not end within ${outcome.limit / 1000} seconds.${said}`;
    case 'out-of-memory':
      return `The function used up its memory.${said}`;
    case 'crashed':
      return `${outcome.reason}${said}`;
    case 'succeeded':
    case 'refused':
      return outcome.kind;
  }
}
