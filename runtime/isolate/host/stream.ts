import { HTTP_PRELUDE_BYTES } from '../../contract/limits.ts';
import { resultTooLarge } from '../abi/result-bytes.ts';
import type { CurrentCall } from '../current-call.ts';
import type { FuelMeter } from '../fuel-meter.ts';
import type { GuestMemory } from '../guest-memory.ts';
import { toCallFuel } from './call-fuel.ts';

/** Fuel of a chunk beside its bytes: it travels to another thread by a message of its own. */
const CHUNK_FUEL = 5_000;
/** What Lambda's clients look for between an HTTP prelude and the answer. */
const PRELUDE_END = 8;

/** What guests answer by while they run; part of the import module `isola`, as sdk/README draws it. */
export function createStreamImports(
  memory: GuestMemory,
  call: CurrentCall,
  meter: FuelMeter,
): Record<string, (...values: never[]) => unknown> {
  const { output } = call;
  const charge = (bytes: number) => meter.charge(CHUNK_FUEL + toCallFuel(bytes));
  return {
    stream_write(pointer: number, length: number): number {
      charge(length >>> 0);
      const bytes = memory.bytes(pointer, length);
      if (!bytes || !output.isOpen) return -1;
      if (!output.stream({ kind: 'bytes', bytes }, meter)) meter.end(resultTooLarge(output.limit));
      return 0;
    },
    stream_http(pointer: number, length: number): number {
      charge(length >>> 0);
      const json = length >>> 0 <= HTTP_PRELUDE_BYTES ? memory.bytes(pointer, length) : undefined;
      if (!json || !output.isOpen || output.hasBegun) return -1;
      const bytes = new Uint8Array(json.byteLength + PRELUDE_END);
      bytes.set(json);
      output.stream({ kind: 'prelude', bytes }, meter);
      return 0;
    },
  };
}

/** Types as in contract/artifact. */
export const STREAM_IMPORTS: Readonly<Record<string, string>> = { stream_write: 'ii:i', stream_http: 'ii:i' };
