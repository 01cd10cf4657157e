import { randomFillSync } from 'node:crypto';
import { resolve } from 'node:path';
import { instantiate } from '@assemblyscript/loader';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import { callCommand } from './command.ts';

/** What a test may set of the world around a guest. */
export interface GuestWorld {
  readonly environment?: Readonly<Record<string, string>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What came of one call. */
export interface GuestCall {
  /** The handler's result as it left the guest. */
  readonly result: string;
  /** `level message` per line. */
  readonly log: readonly string[];
}

/** The guest ended the invocation itself, or threw. */
export class GuestFailure extends Error {
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Builds an example and calls it once on a fresh instance; the result is parsed as JSON. */
export async function callExample(name: string, event: unknown, world: GuestWorld = {}): Promise<unknown> {
  const { wasm, handler } = await buildFunction(resolve('functions', name), () => {});
  const text = JSON.stringify(event);
  const module = await WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>);
  if (WebAssembly.Module.exports(module).some((entry) => entry.name === '_start')) {
    return JSON.parse(callCommand(module, text));
  }
  return JSON.parse((await callGuest(module, handler, text, world)).result);
}

/** Calls an export of an AssemblyScript module once, on a fresh instance. */
export async function callGuest(
  module: WebAssembly.Module,
  handler: string,
  event: string,
  world: GuestWorld = {},
): Promise<GuestCall> {
  const log: string[] = [];
  const bytesAt = (ptr: number, length: number): Buffer => Buffer.from(memory().buffer, ptr >>> 0, length);
  const textAt = (ptr: number, length: number): string => bytesAt(ptr, length).toString('utf8');
  const answer = (value: string | undefined, ptr: number, length: number): number => {
    if (value === undefined) return -1;
    const bytes = Buffer.from(value, 'utf8');
    bytes.copy(bytesAt(ptr, length), 0, 0, length);
    return bytes.length;
  };
  const isola = {
    log: (level: number, ptr: number, length: number) => void log.push(`${LEVELS[level]} ${textAt(ptr, length)}`),
    env: (namePtr: number, nameLength: number, ptr: number, length: number) =>
      answer(world.environment?.[textAt(namePtr, nameLength)], ptr, length),
    context: (ptr: number, length: number) => answer(JSON.stringify(world.context ?? {}), ptr, length),
    random: (ptr: number, length: number) => {
      if (length > 65_536) return -1;
      randomFillSync(bytesAt(ptr, length));
      return 0;
    },
    clock: (kind: number) => (kind === 0 ? BigInt(Date.now()) * 1_000_000n : process.hrtime.bigint()),
    fail: (typePtr: number, typeLength: number, ptr: number, length: number) => {
      throw new GuestFailure(textAt(typePtr, typeLength), textAt(ptr, length));
    },
  };
  const env = {
    abort(message: number) {
      throw new GuestFailure('Error', exports.__getString(message));
    },
  };
  const { exports } = await instantiate<Record<string, (ptr: number) => number>>(module, { isola, env });
  const memory = (): WebAssembly.Memory => exports.memory as WebAssembly.Memory;
  const handle = exports[handler.slice(handler.lastIndexOf('.') + 1)];
  if (!handle) throw new Error(`the module exports no ${handler}`);
  const event_ = exports.__pin(exports.__newString(event));
  return { result: exports.__getString(handle(event_)), log };
}
