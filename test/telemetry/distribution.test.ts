import * as fc from 'fast-check';
import { Histogram } from 'prom-client';
import { expect, it } from 'vitest';
import { Distribution } from '../../runtime/telemetry/distribution.ts';

it("is prom-client's histogram, sample for sample", async () => {
  const buckets = [0.001, 0.01, 0.5, 30];
  const value = fc.oneof(fc.double({ min: 0, max: 40, noNaN: true }), fc.constantFrom(...buckets));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 30 }), async (values) => {
      const judge = new Histogram({ name: 'h', help: 'h', labelNames: ['f'] as const, buckets, registers: [] });
      const distribution = new Distribution(buckets);
      for (const each of values) {
        judge.labels('a').observe(each);
        distribution.observe(each);
      }
      const expected = (await judge.get()).values.map(({ metricName, labels, value }) => ({
        metricName,
        labels,
        value,
      }));
      expect(distribution.toSamples('h', { f: 'a' })).toEqual(expected);
    }),
  );
});
