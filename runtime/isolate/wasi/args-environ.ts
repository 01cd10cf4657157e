import { ENTRY_FUEL, toByteFuel } from './charges.ts';
import type { Bodies, World } from './world.ts';

/** `args_*` and `environ_*`: lists of NUL-terminated strings, their pointers in one array and their bytes in one buffer. */
export const createArgsEnviron = (world: World): Bodies => {
  const encode = (strings: readonly string[]) => {
    world.charge(ENTRY_FUEL * strings.length);
    return strings.map((string) => encoder.encode(`${string}\0`));
  };
  const args = () => encode(world.call.args);
  const environ = () => encode(Object.entries(world.call.env).map(([name, value]) => `${name}=${value}`));

  const writeSizes = (strings: readonly Uint8Array[], countAt: number, bytesAt: number) => {
    world.memory.assertRange(countAt, 4);
    world.memory.assertRange(bytesAt, 4);
    world.memory.setU32(countAt, strings.length);
    world.memory.setU32(bytesAt, toTotal(strings));
  };

  const writeStrings = (strings: readonly Uint8Array[], pointersAt: number, bytesAt: number) => {
    const total = toTotal(strings);
    world.memory.assertRange(pointersAt, strings.length * 4);
    world.memory.assertRange(bytesAt, total);
    world.charge(toByteFuel(total + strings.length * 4));
    let at = bytesAt >>> 0;
    for (const [index, string] of strings.entries()) {
      world.memory.setU32((pointersAt >>> 0) + index * 4, at);
      world.memory.bytes(at, string.length).set(string);
      at += string.length;
    }
  };

  return {
    args_get: (pointersAt: number, bytesAt: number) => writeStrings(args(), pointersAt, bytesAt),
    args_sizes_get: (countAt: number, bytesAt: number) => writeSizes(args(), countAt, bytesAt),
    environ_get: (pointersAt: number, bytesAt: number) => writeStrings(environ(), pointersAt, bytesAt),
    environ_sizes_get: (countAt: number, bytesAt: number) => writeSizes(environ(), countAt, bytesAt),
  };
};

const encoder = new TextEncoder();
const toTotal = (strings: readonly Uint8Array[]): number => strings.reduce((total, { length }) => total + length, 0);
