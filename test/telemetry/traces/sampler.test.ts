import { describe, expect, it } from 'vitest';
import { createSampler } from '../../../runtime/telemetry/traces/sampler.ts';
import { createSpanId, createTraceId } from '../../../runtime/telemetry/traces/trace-numbers.ts';

const NOW = Date.UTC(2024, 0, 1);
const traceId = createTraceId(NOW);

describe('the sampler', () => {
  it.each([
    [true, 1, undefined, true],
    [true, 1, false, false],
    [true, 0, true, true],
    [true, 0, undefined, false],
    [false, 1, false, true],
    [false, 0, true, false],
  ])('parent based: %s, ratio %i, the parent says %s', (isParentBased, ratio, isSampled, answer) => {
    const context = isSampled === undefined ? { traceId } : { traceId, isSampled };
    expect(createSampler({ isParentBased, ratio })(context)).toBe(answer);
  });

  it('takes a part of the traces, the same ones wherever it is asked', () => {
    const quarter = createSampler({ isParentBased: true, ratio: 0.25 });
    const half = createSampler({ isParentBased: true, ratio: 0.5 });
    const ids = Array.from({ length: 4_000 }, () => createTraceId(NOW));
    const taken = ids.filter((id) => quarter({ traceId: id }));
    expect(taken.length).toBeGreaterThan(800);
    expect(taken.length).toBeLessThan(1_200);
    expect(taken.every((id) => half({ traceId: id }) && quarter({ traceId: id }))).toBe(true);
  });

  it('draws numbers that are never the same, and traces that begin with the time', () => {
    const spans = new Set(Array.from({ length: 10_000 }, createSpanId));
    expect(spans.size).toBe(10_000);
    for (const id of spans) expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(traceId).toMatch(/^65920080[0-9a-f]{24}$/);
  });
});
