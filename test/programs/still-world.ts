import { Random } from '../fuzz/random.ts';

/**
 * Makes clocks tick by being read and random numbers repeat, and hides what newer Nodes say of themselves, so that a program
 * does the same in every run. Answers how to take a reading back that was not the program's.
 */
export function standStill(): () => void {
  const random = new Random(1);
  const chance = new Random(2);
  let now = 1_700_000_000_000;
  Math.random = () => random.next();
  Date.now = () => now++;
  performance.now = () => now++ - 1_700_000_000_000;
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, values: unknown[]) => Reflect.construct(target, values.length > 0 ? values : [now++]) as object,
    apply: () => new RealDate(now++).toString(),
  });
  const fill = <T extends ArrayBufferView | null>(target: T): T => {
    if (target) {
      const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      for (let at = 0; at < bytes.length; at++) bytes[at] = chance.below(256);
    }
    return target;
  };
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: fill });
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true, writable: true });
  return () => {
    now--;
  };
}
