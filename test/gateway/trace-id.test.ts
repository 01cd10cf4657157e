import { describe, expect, it } from 'vitest';
import { toTrace } from '../../runtime/gateway/trace-id.ts';

const NOW = Date.UTC(2024, 0, 1);
const TRACEPARENT = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';
const SAME = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const traced = (headers: Readonly<Record<string, string>>) => {
  const head = { method: 'POST', rawPath: '/', rawQuery: '', query: [], headers, sourceIp: '', protocol: 'HTTP/1.1' };
  return toTrace({ head }, NOW).traceId;
};

describe('the trace of a request', () => {
  it('is new without a header, and not sampled', () => {
    expect(traced({})).toMatch(/^Root=1-65920080-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    expect(traced({})).not.toBe(traced({}));
  });

  it("is that of W3C's header, with the lineage of X-Ray's", () => {
    expect(traced({ traceparent: TRACEPARENT })).toBe(SAME);
    expect(traced({ traceparent: TRACEPARENT, 'x-amzn-trace-id': 'Root=1-1-1;Lineage=1f0a9c3e:3|77ab01d2:2' })).toBe(
      `${SAME};Lineage=1f0a9c3e:3|77ab01d2:2`,
    );
    expect(traced({ traceparent: TRACEPARENT, 'x-amzn-trace-id': 'Lineage=<script>' })).toBe(SAME);
  });

  it("is that of X-Ray's header where W3C's is missing or is none", () => {
    const header = 'Root=1-58406520-a006649127e371903a2de979;Sampled=1;Lineage=1f0a9c3e:3|77ab01d2:2';
    expect(traced({ 'x-amzn-trace-id': header })).toBe(header);
    expect(traced({ 'x-amzn-trace-id': header, traceparent: 'none' })).toBe(header);
    expect(traced({ 'x-amzn-trace-id': 'Root=<b>' })).toMatch(/^Root=1-65920080-/);
  });
});
