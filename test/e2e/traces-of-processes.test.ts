import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReceivedSpan, startCollector, type TestCollector } from '../support/collector.ts';
import { createFunction, invokeFunction } from '../support/isola.ts';
import { startTestProcesses, type TestProcesses } from '../support/processes.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';

describe('traces of several processes', () => {
  let collector: TestCollector;
  let isola: TestProcesses;
  beforeAll(async () => {
    collector = await startCollector();
    isola = await startTestProcesses({
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '600000' },
    });
  });
  afterAll(async () => {
    await isola.stop();
    await collector.close();
  });

  it('come whole from whichever has the connection, at their end at the latest', async () => {
    const Role = await createRole(isola.server, 'able', [{ Effect: 'Allow', Action: 'isola:*', Resource: '*' }]);
    const writer = isola.client();
    await createFunction(writer, 'caller', guest('caller'), { Role, Timeout: 60 });
    const clients = Array.from({ length: 6 }, () => isola.client());
    await Promise.all(clients.map((client) => invokeFunction(client, 'caller', { op: 'kv.put', key: 'k' })));
    await isola.stop();

    const spans = collector.exports.flatMap((each) => each.spans);
    const runs = spans.filter(({ name }) => name === 'run');
    expect(runs).toHaveLength(clients.length);
    const processOf = ({ resource }: ReceivedSpan): unknown => resource['process.pid'];
    expect(new Set(runs.map(processOf)).size).toBe(2);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    for (const put of spans.filter(({ name }) => name === 'kv.put')) {
      const run = byId.get(put.parentSpanId ?? '');
      const caller = byId.get(run?.parentSpanId ?? '');
      const request = byId.get(caller?.parentSpanId ?? '');
      expect([run?.name, caller?.name]).toEqual(['run', 'caller']);
      expect(request?.name).toMatch(/^POST .*\/invocations$/);
      expect(new Set([run, caller, request].map((span) => span && processOf(span))).size).toBe(1);
      expect(new Set([put, run, caller, request].map((span) => span?.traceId)).size).toBe(1);
    }
    expect(spans.filter(({ name }) => name === 'kv.put')).toHaveLength(clients.length);
  });
});
