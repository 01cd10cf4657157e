import type { FunctionVersion } from '../../../runtime/contract/function-version.ts';
import type { Outcome } from '../../../runtime/contract/outcome.ts';
import { MappedFunction } from '../../../runtime/triggers/mappings/mapped-function.ts';

const ENDED = { report: { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 }, log: '' };

export const REFUSED: Outcome = { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 };
export const FAILED: Outcome = {
  kind: 'function-error',
  error: { errorType: 'E', errorMessage: 'm' },
  ...ENDED,
};

export function answered(value: unknown): Outcome {
  return { kind: 'succeeded', payload: Buffer.from(JSON.stringify(value)), ...ENDED };
}

/** Answers that the records with these identifiers failed. */
export function failing(...identifiers: readonly string[]): Outcome {
  return answered({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });
}

/** A function that ends as `run` says of its event. */
export function createTarget(
  run: (
    event: { readonly Records: readonly Record<string, unknown>[] } & Record<string, unknown>,
  ) => Outcome | Promise<Outcome>,
  reserved?: () => number | undefined,
): MappedFunction {
  const handling = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 };
  return new MappedFunction('arn:aws:lambda:us-east-1:000000000000:function:f', {
    targets: {
      ready: () => undefined,
      resolve: (_scope, name) => ({ name, version: '$LATEST', role: 'role' }) as FunctionVersion,
      handling: () => ({ ...handling, reserved: reserved?.() }),
    },
    invoke: async ({ event }) => run(JSON.parse(Buffer.from(event).toString())),
    clock: Date.now,
    followTrace: () => 'Root=1-0-0',
  });
}

/** Lets everything happen that waits for no timer. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
