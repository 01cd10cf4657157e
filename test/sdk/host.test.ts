import { describe, expect, it } from 'vitest';
import { callProbe } from '../support/probe.ts';

describe('the SDK and its host', () => {
  it('reads the environment, the context, randomness and the clocks, and logs', async () => {
    const before = Date.now();
    const { result, log } = await callProbe('host', '', {
      environment: { NAME: 'größe', EMPTY: '' },
      name: 'probe',
      timeoutMs: 60_000,
    });
    const seen = JSON.parse(result);
    expect(seen).toMatchObject({
      name: 'größe',
      absent: null,
      fallback: 'fallback',
      empty: '',
      requestId: 'r-1',
      functionName: 'probe',
      traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
      memory: 128,
      bytes: 70_000,
      monotonic: true,
    });
    expect(seen.remaining).toBeGreaterThan(50_000);
    expect(seen.remaining).toBeLessThanOrEqual(60_000);
    expect(seen.now).toBeGreaterThanOrEqual(before);
    expect(seen.fraction).toBeGreaterThanOrEqual(0);
    expect(seen.fraction).toBeLessThan(1);
    expect(seen.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(log).toEqual(['DEBUG\ta debug line', 'WARN\tgrößer 🚀']);
  });

  it('streams a prelude, text and bytes', async () => {
    const prelude = '{"statusCode":418,"headers":{"x-tea":"yes"},"cookies":["a=1"]}';
    expect((await callProbe('streamed', '')).result).toBe(`${prelude}${'\0'.repeat(8)}größer 🚀`);
    await expect(callProbe('latePrelude', '')).rejects.toThrow('An HTTP prelude comes before everything else');
  });

  it('fails with a type and a message', async () => {
    await expect(callProbe('failing', '')).rejects.toMatchObject({
      errorType: 'OrderError',
      message: 'there is no order ☕',
    });
  });

  it('fails with Error when the handler throws', async () => {
    await expect(callProbe('throwing', '')).rejects.toMatchObject({ errorType: 'Error', message: 'thrown' });
  });
});
