import { describe, expect, it } from 'vitest';
import { FuelMeter } from '../../runtime/isolate/fuel-meter.ts';
import { waitFor } from '../../runtime/isolate/wait-for.ts';

const createCell = (value: number): Int32Array => new Int32Array(new SharedArrayBuffer(4)).fill(value);
const isPositive = (value: number): boolean => value > 0;

function createMeter(msLeft: number): FuelMeter {
  const meter = new FuelMeter();
  const began = performance.now();
  meter.arm({ fuel: Number.POSITIVE_INFINITY, began, deadline: began + msLeft });
  return meter;
}

describe('a host call that waits', () => {
  it('goes on at once when there is nothing to wait for', () => {
    const meter = createMeter(0);
    waitFor(createCell(1), isPositive, meter);
    expect(meter.stopped).toBeUndefined();
  });

  it('lets what waits behind it go before it rests, and goes on when the cell has changed', () => {
    const cell = createCell(0);
    const meter = createMeter(60_000);
    const told: number[] = [];
    meter.onSlice = (now) => {
      told.push(now);
      Atomics.store(cell, 0, 1);
    };
    waitFor(cell, isPositive, meter);
    expect(told).toEqual([Number.POSITIVE_INFINITY]);
  });

  it('stops the guest at its deadline', () => {
    const meter = createMeter(30);
    expect(() => waitFor(createCell(0), isPositive, meter)).toThrow(WebAssembly.RuntimeError);
    expect(meter.stopped).toBe('deadline');
  });
});
