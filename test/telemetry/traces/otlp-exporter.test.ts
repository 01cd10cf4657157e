import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOtlpExporter, type OtlpExporter } from '../../../runtime/telemetry/traces/otlp-exporter.ts';
import type { Span } from '../../../runtime/telemetry/traces/span.ts';
import { startCollector, type TestCollector } from '../../support/collector.ts';

const SPAN: Span = {
  ...{ traceId: '5759e988bd862e3fe1be46a994272793', spanId: '53995c3f42cd8ad8', name: 'run', kind: 'internal' },
  ...{ from: 1, to: 2, attributes: {} },
};
const NEVER = new AbortController().signal;

describe('the exporter', () => {
  let collector: TestCollector;
  let exporter: OtlpExporter;
  let notices: string[];

  const create = (config: {
    readonly url?: string;
    readonly timeoutMs?: number;
    readonly exportTimeoutMs?: number;
  }) => {
    notices = [];
    exporter = createOtlpExporter({
      config: {
        ...{ url: `${collector.url}/v1/traces`, protocol: 'http/json', headers: {}, compression: 'none' },
        ...{ timeoutMs: 60_000, exportTimeoutMs: 60_000 },
        ...config,
      },
      resource: { 'service.name': 'isola' },
      observer: { noticed: (_level, message) => notices.push(message) },
    });
    return exporter;
  };
  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(async () => {
    exporter.close();
    await collector.close();
  });

  it('keeps its connection', async () => {
    create({});
    expect(await exporter.send([SPAN], NEVER)).toBe(true);
    expect(await exporter.send([SPAN, SPAN], NEVER)).toBe(true);
    expect(collector.exports.map(({ spans }) => spans.length)).toEqual([1, 2]);
    expect(collector.connections).toBe(1);
  });

  it.each([429, 502, 503, 504])('asks again after %i', async (status) => {
    create({});
    collector.answer = status;
    const sent = exporter.send([SPAN], NEVER);
    await collector.asked(1);
    collector.answer = 200;
    expect(await sent).toBe(true);
    expect(notices).toEqual([]);
  });

  it.each([400, 401, 404, 413, 500])('gives up after %i, and says so once in a while', async (status) => {
    create({});
    collector.answer = status;
    expect(await exporter.send([SPAN], NEVER)).toBe(false);
    expect(await exporter.send([SPAN], NEVER)).toBe(false);
    expect(notices).toEqual([`1 spans could not be sent to ${collector.url}: it answered ${status}.`]);
  });

  it('gives up a collector that is not there, or silent, when its time is over', async () => {
    create({ url: 'http://127.0.0.1:9', exportTimeoutMs: 1 });
    expect(await exporter.send([SPAN], NEVER)).toBe(false);
    expect(notices).toEqual(['1 spans could not be sent to http://127.0.0.1:9: ECONNREFUSED.']);
    exporter.close();
    create({ timeoutMs: 50, exportTimeoutMs: 1 });
    collector.answer = 'silence';
    expect(await exporter.send([SPAN], NEVER)).toBe(false);
    expect(notices[0]).toMatch(/it did not answer in time\.$/);
  });

  it('ends at once when it is told to, wherever it is', async () => {
    create({});
    const end = new AbortController();
    collector.answer = 'silence';
    const silent = exporter.send([SPAN], end.signal);
    await collector.asked(1);
    end.abort();
    expect(await silent).toBe(false);
    const again = new AbortController();
    collector.answer = 503;
    const pausing = exporter.send([SPAN], again.signal);
    await collector.asked(2);
    again.abort();
    expect(await pausing).toBe(false);
  });
});
