import { HOST_CALL_BODY_BYTES, HOST_CALL_HEAD_BYTES } from '../../contract/limits.ts';
import type { CurrentCall } from '../current-call.ts';
import type { FuelMeter } from '../fuel-meter.ts';
import type { GuestMemory } from '../guest-memory.ts';
import { waitFor } from '../wait-for.ts';

/** Fuel of asking the main thread, and of each sixteen bytes either way. Waiting costs none. */
const CALL_FUEL = 1_000;
const READ_FUEL = 100;
const BYTES_PER_FUEL = 16;

/** The blocking part of the import module `isola`: `call` asks, `answer` reads what was answered last. */
export function createCallImports(
  memory: GuestMemory,
  call: CurrentCall,
  meter: FuelMeter,
): Record<string, (...values: never[]) => unknown> {
  return {
    call(headPointer: number, headLength: number, bodyPointer: number, bodyLength: number): number {
      meter.charge(CALL_FUEL + Math.floor(((headLength >>> 0) + (bodyLength >>> 0)) / BYTES_PER_FUEL));
      const head = headLength >>> 0 <= HOST_CALL_HEAD_BYTES && memory.bytes(headPointer, headLength);
      const body = bodyLength >>> 0 <= HOST_CALL_BODY_BYTES && memory.bytes(bodyPointer, bodyLength);
      if (!head || !body) {
        call.forgetAnswer();
        return -1;
      }
      const answer = call.ask({ head: head.slice(), body: body.slice() }, (awaited) =>
        waitFor(awaited.cell, (answered) => answered === awaited.call, meter),
      );
      meter.charge(Math.floor((answer.head.byteLength + answer.body.byteLength) / BYTES_PER_FUEL));
      return answer.head.byteLength;
    },
    answer(part: number, pointer: number, length: number): number {
      meter.charge(READ_FUEL + Math.floor((length >>> 0) / BYTES_PER_FUEL));
      const answer = part === 0 ? call.answer?.head : part === 1 ? call.answer?.body : undefined;
      return answer ? memory.give(answer, pointer, length) : -1;
    },
  };
}

/** Their types, as in ISOLA_IMPORTS. */
export const CALL_IMPORTS: Readonly<Record<string, string>> = { call: 'iiii:i', answer: 'iii:i' };
