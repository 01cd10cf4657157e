import { resolve } from 'node:path';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import { readProject } from '../../runtime/cli/toolchain/project.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { toInThread } from './in-thread.ts';

/** What came of one call. */
export interface GuestCall {
  /** The handler's result as it left the guest. */
  readonly result: string;
  /** `LEVEL\tmessage` per line. */
  readonly log: readonly string[];
}

/** Calls a guest with the text of an event; every call starts from the image. */
export type Guest = (event: string) => GuestCall;

/** The function error with which an invocation ended. */
export class GuestError extends Error {
  readonly errorType: string;
  constructor({ errorType, errorMessage }: { readonly errorType: string; readonly errorMessage: string }) {
    super(errorMessage);
    this.errorType = errorType;
  }
}

/** A module in a real isolate of this thread. */
export function toGuest(wasm: Uint8Array, settings: Partial<FunctionVersion> = {}): Guest {
  const { invokeText } = toInThread(wasm, { settings });
  return (event) => {
    const outcome = invokeText(event);
    if (outcome.kind === 'function-error') throw new GuestError(outcome.error);
    if (outcome.kind !== 'succeeded') throw new Error(`ended as ${JSON.stringify(outcome)}`);
    return {
      result: Buffer.from(outcome.payload).toString(),
      log: outcome.log.split('\n').filter((line) => line !== ''),
    };
  };
}

const examples = new Map<string, Promise<Guest>>();

/** Calls an example with its own settings; the result is parsed as JSON. */
export async function callExample(name: string, event: unknown): Promise<unknown> {
  const example = examples.get(name) ?? buildExample(name);
  examples.set(name, example);
  return JSON.parse((await example)(JSON.stringify(event)).result);
}

async function buildExample(name: string): Promise<Guest> {
  const folder = resolve('functions', name);
  const { memory, timeout, environment } = await readProject(folder);
  const { wasm, handler } = await buildFunction(folder, () => {});
  return toGuest(wasm, { handler, memoryMb: memory, timeoutMs: timeout * 1_000, environment });
}
