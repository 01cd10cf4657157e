import { randomFillSync } from 'node:crypto';
import { LOG_LINE_BYTES } from '../../contract/limits.ts';
import type { CurrentCall } from '../current-call.ts';
import type { FuelMeter } from '../fuel-meter.ts';
import { GuestFailure } from '../guest-failure.ts';
import type { GuestMemory } from '../guest-memory.ts';
import { toCallFuel } from './call-fuel.ts';
import { CALL_IMPORTS } from './calls.ts';
import { monotonicNanoseconds, realtimeNanoseconds } from './coarse-clock.ts';
import { createStreamImports, STREAM_IMPORTS } from './stream.ts';

const MAX_RANDOM_BYTES = 65_536;
const MAX_NAME_BYTES = 4_096;
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** The import module `isola`, as sdk/README draws it. */
export function createIsolaImports(
  memory: GuestMemory,
  call: CurrentCall,
  meter: FuelMeter,
): Record<string, (...values: never[]) => unknown> {
  const charge = (bytes: number) => meter.charge(toCallFuel(bytes));
  return {
    ...createStreamImports(memory, call, meter),
    log(level: number, pointer: number, length: number): void {
      charge(length >>> 0);
      const text = memory.text(pointer, length, LOG_LINE_BYTES);
      if (text !== undefined) call.log.line(`${LEVELS[level] ?? 'INFO'}\t${text}`);
    },
    env(namePointer: number, nameLength: number, pointer: number, length: number): number {
      charge((nameLength >>> 0) + (length >>> 0));
      const name = memory.text(namePointer, nameLength, MAX_NAME_BYTES);
      const value = name === undefined ? undefined : call.env(name);
      return value ? memory.give(value, pointer, length) : -1;
    },
    context(pointer: number, length: number): number {
      charge(length >>> 0);
      const context = call.context();
      return context ? memory.give(context, pointer, length) : -1;
    },
    random(pointer: number, length: number): number {
      charge(length >>> 0);
      const target = length >>> 0 <= MAX_RANDOM_BYTES ? memory.bytes(pointer, length) : undefined;
      if (!target) return -1;
      call.drew('random', 'isola.random');
      randomFillSync(target);
      return 0;
    },
    clock(kind: number): bigint {
      charge(0);
      call.drew('clock', 'isola.clock');
      return kind === 1 ? monotonicNanoseconds() : realtimeNanoseconds();
    },
    fail(typePointer: number, typeLength: number, messagePointer: number, messageLength: number): never {
      charge(messageLength >>> 0);
      const type = memory.text(typePointer, typeLength, MAX_NAME_BYTES);
      const message = memory.text(messagePointer, messageLength, LOG_LINE_BYTES);
      return meter.end(new GuestFailure(type || 'Error', message ?? ''));
    },
  };
}

/** What the `isola` module offers, with its types (contract/artifact); anything else is refused at deploy. */
export const ISOLA_IMPORTS: Readonly<Record<string, string>> = {
  ...{ log: 'iii:', env: 'iiii:i', context: 'ii:i' },
  ...{ random: 'ii:i', clock: 'i:I', fail: 'iiii:' },
  ...CALL_IMPORTS,
  ...STREAM_IMPORTS,
};
