import { expect, it } from 'vitest';
import { FuelMeter } from '../../runtime/isolate/fuel-meter.ts';

const PLENTY = { fuel: Number.POSITIVE_INFINITY, began: 0, deadline: Number.POSITIVE_INFINITY };

/** A meter with a guest's counter and its way to ask for fuel, in slices of one length. */
function attach(slice: number, allowance = PLENTY) {
  const meter = new FuelMeter({ slices: { first: () => slice, next: () => slice } });
  const counter = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
  meter.arm(allowance);
  meter.attach(counter, new WebAssembly.Table({ element: 'anyfunc', initial: 1, maximum: 1 }));
  const refuel = meter.slot as unknown as (counter: number, global: number) => number;
  return { meter, counter, refuel };
}

/** What the guest's injected code leaves in the global while it counts in a local. */
const IN_LOCAL = -0x7000_0000;

it('counts the fuel of slices beyond what the counter can hold', () => {
  const { meter, counter, refuel } = attach(2 ** 29);
  for (let slice = 0; slice < 20; slice++) counter.value = refuel(-100, -100);
  expect(meter.used).toBe(20 * (2 ** 29 + 100));
});

it('says of a guest that counts in a local what it had used when it began to', () => {
  const { meter, counter, refuel } = attach(2 ** 29);
  counter.value = refuel(-7, -7);
  const before = meter.used;
  let global = 1000;
  for (let slice = 0; slice < 20; slice++) {
    refuel(-100, global);
    global = counter.value = IN_LOCAL;
  }
  expect(meter.used).toBe(before + 2 ** 29 - 1000);
  counter.value = 55;
  expect(meter.used).toBe(before + 20 * (2 ** 29 + 100) + 2 ** 29 - 55);
});

it('takes all that was granted from a guest that lost its counter', () => {
  const { meter, counter, refuel } = attach(1000);
  refuel(-5, 300);
  counter.value = IN_LOCAL - 12;
  counter.value = refuel(IN_LOCAL - 12, IN_LOCAL - 12);
  expect(meter.used).toBe(2005);
});

it('counts charges of host calls that the counter cannot hold', () => {
  const { meter, counter } = attach(1000);
  for (let call = 0; call < 5; call++) meter.charge(2 ** 31);
  expect(meter.used).toBe(5 * 2 ** 31);
  expect(counter.value).toBeGreaterThanOrEqual(-(2 ** 30));
});

it('grants the budget to its last unit and no further', () => {
  const { meter, counter, refuel } = attach(1000, { ...PLENTY, fuel: 2500 });
  expect(counter.value).toBe(1000);
  expect(refuel(-1, -1)).toBe(1000);
  expect(refuel(-1, -1)).toBe(498);
  expect(refuel(-2, -2)).toBe(-1);
  expect(meter).toMatchObject({ stopped: 'fuel', used: 2502 });
  meter.begin({ ...PLENTY, fuel: 1000 });
  counter.value = 0;
  expect(meter).toMatchObject({ stopped: undefined, used: 1000 });
  expect(refuel(-1, -1)).toBe(-1);
});

it('refuses fuel after the deadline', () => {
  const { meter, refuel } = attach(1000, { ...PLENTY, deadline: performance.now() - 1 });
  expect(refuel(-1, -1)).toBe(-1);
  expect(meter).toMatchObject({ stopped: 'deadline', used: 1001 });
});
