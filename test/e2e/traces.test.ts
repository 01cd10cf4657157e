import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeAsyncCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPAN_KINDS } from '../../runtime/telemetry/traces/span.ts';
import { type ReceivedSpan, startCollector, type TestCollector } from '../support/collector.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';

const SPAN = '53995c3f42cd8ad8';
let traces = 0;

/** A trace that a client has begun. */
function beginTrace(flags: '00' | '01' = '01'): { readonly traceId: string; readonly traceparent: string } {
  const traceId = `5759e988bd862e3fe1be46a9942${String(++traces).padStart(5, '0')}`;
  return { traceId, traceparent: `00-${traceId}-${SPAN}-${flags}` };
}

describe.each([
  { name: 'in JSON', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
  { name: 'in compressed protobuf', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
])('traces, $name', ({ name: _name, ...env }) => {
  let collector: TestCollector;
  let isola: TestIsola;
  let server: Server;
  let url: string;
  const fetched: IncomingHttpHeaders[] = [];

  beforeAll(async () => {
    collector = await startCollector();
    server = createServer((request, response) => {
      fetched.push(request.headers);
      response.writeHead(request.url === '/missing' ? 404 : 200).end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    isola = await startTestIsola({
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_SERVICE_NAME: 'edge' },
      ...{ OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b', ISOLA_ASYNC_RETRY_DELAYS: '0.05,0.05' },
      ...(env as Record<string, string>),
    });
    const Role = await createRole(isola.running, 'able', [
      { Effect: 'Allow', Action: ['isola:*', 'lambda:InvokeFunction'], Resource: '*' },
    ]);
    const settings = { Role, Timeout: 60 };
    await Promise.all([
      isola.create('caller', guest('caller'), settings),
      isola.create('echo', guest('echo'), settings),
      isola.create('failing', guest('trap'), settings),
      isola.create('variable', guest('variable'), settings),
      isola.create('context', guest('context'), settings),
    ]);
  });
  afterAll(async () => {
    await isola.stop();
    await collector.close();
    server.closeAllConnections();
    server.close();
  });

  /** Invokes with headers of the client's own; answers what the function did. */
  const invoke = async (
    FunctionName: string,
    event: unknown,
    headers: Readonly<Record<string, string>>,
    InvocationType: 'RequestResponse' | 'Event' = 'RequestResponse',
  ): Promise<string> => {
    const command = new InvokeCommand({ FunctionName, InvocationType, Payload: Buffer.from(JSON.stringify(event)) });
    command.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, headers);
        return next(args);
      },
      { step: 'build' },
    );
    return Buffer.from((await isola.client.send(command)).Payload ?? []).toString();
  };
  /** The spans of one trace, by name, as soon as there are so many. */
  const spansOf = async (traceId: string, count: number): Promise<readonly ReceivedSpan[]> => {
    const isOfTrace = (span: ReceivedSpan): boolean => span.traceId === traceId;
    return (await collector.until((spans) => spans.filter(isOfTrace).length >= count)).filter(isOfTrace);
  };
  const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
    const span = spans.find((each) => each.name === name);
    if (!span) throw new Error(`no ${name} in ${spans.map((each) => each.name)}`);
    return span;
  };

  it('tell where the time of an invocation went', async () => {
    const { traceId, traceparent } = beginTrace();
    await invoke('echo', { n: 1 }, { traceparent, tracestate: 'vendor=1' });
    const spans = await spansOf(traceId, 5);
    expect(spans.map(({ name }) => name).sort()).toEqual([
      'POST /2015-03-31/functions/{FunctionName}/invocations',
      ...['echo', 'queue', 'restore', 'run'],
    ]);
    const request = named(spans, 'POST /2015-03-31/functions/{FunctionName}/invocations');
    const echo = named(spans, 'echo');
    expect(request).toMatchObject({ parentSpanId: SPAN, kind: SPAN_KINDS.server, traceState: 'vendor=1' });
    expect(request.flags & 0x200).toBe(0x200);
    expect(request.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.path': '/2015-03-31/functions/echo/invocations',
      'server.address': '127.0.0.1',
    });
    expect(request.resource).toMatchObject({ 'service.name': 'edge', 'telemetry.sdk.language': 'nodejs' });
    expect(echo).toMatchObject({ parentSpanId: request.spanId, kind: SPAN_KINDS.server, isError: false, links: [] });
    expect(echo.attributes).toMatchObject({
      ...{ 'faas.name': 'echo', 'faas.version': '$LATEST', 'faas.trigger': 'other', 'faas.coldstart': true },
      'faas.invocation_id': request.attributes['aws.request_id'],
      'aws.lambda.invoked_arn': 'arn:aws:lambda:us-east-1:000000000000:function:echo',
    });
    const parts = ['queue', 'restore', 'run'].map((part) => named(spans, part));
    for (const part of parts) expect(part.parentSpanId).toBe(echo.spanId);
    const times = parts.flatMap(({ from, to }) => [from, to]);
    expect(times.toSorted((a, b) => Number(a - b))).toEqual(times);
    expect(echo.from).toBe(times[0]);
    expect(echo.to).toBeGreaterThanOrEqual(times.at(-1) as bigint);
    expect(request.from).toBeLessThanOrEqual(echo.from);
    expect(request.to).toBeGreaterThanOrEqual(echo.to);
    expect(named(spans, 'restore').attributes).toHaveProperty(['isola.cold.instantiate_ms']);
    expect(named(spans, 'run').attributes['isola.fuel']).toBeGreaterThan(0);
    const [exported] = collector.exports;
    expect(exported).toMatchObject({ path: '/v1/traces', headers: { 'x-tenant': 'a b' } });
  });

  it('are told to the guest, whose work is a part of its run', async () => {
    const { traceId, traceparent } = beginTrace();
    const header = JSON.parse(await invoke('variable', '_X_AMZN_TRACE_ID', { traceparent }));
    const context = JSON.parse(await invoke('context', {}, { traceparent }));
    const runs = (await spansOf(traceId, 10)).filter(({ name }) => name === 'run').map(({ spanId }) => spanId);
    const [, root, parent] = /^Root=1-([0-9a-f-]+);Parent=([0-9a-f]{16});Sampled=1$/.exec(header) ?? [];
    expect(root?.replace('-', '')).toBe(traceId);
    expect(runs).toContain(parent);
    expect(runs.map((run) => `00-${traceId}-${run}-01`)).toContain(context.traceparent);
  });

  it('go on where a function fetches, and name what it fetched without its secrets', async () => {
    const { traceId, traceparent } = beginTrace();
    const secret = { op: 'fetch', url: `${url}/found?key=secret`, method: 'PUT' };
    await invoke('caller', secret, { traceparent, tracestate: 'vendor=1' });
    const call = named(await spansOf(traceId, 5), 'PUT');
    expect(fetched.at(-1)).toMatchObject({
      traceparent: `00-${traceId}-${call.spanId}-01`,
      tracestate: 'vendor=1',
    });
    expect(call).toMatchObject({ kind: SPAN_KINDS.client, isError: false });
    expect(call.attributes).toMatchObject({ 'url.full': `${url}/found`, 'http.response.status_code': 200 });
    expect(named(await spansOf(traceId, 5), 'run').spanId).toBe(call.parentSpanId);
  });

  it('are left to a guest that says where it is itself', async () => {
    const { traceId, traceparent } = beginTrace();
    const headers = [['traceparent', 'its own']];
    await invoke('caller', { op: 'fetch', url: `${url}/missing`, method: 'POST', headers }, { traceparent });
    expect(fetched.at(-1)).toMatchObject({ traceparent: 'its own' });
    const call = named(await spansOf(traceId, 5), 'POST');
    expect(call).toMatchObject({ isError: true, attributes: { 'error.type': '404' } });
  });

  it('tell of what functions ask of the host, in vain or not', async () => {
    const { traceId, traceparent } = beginTrace();
    await invoke('caller', { op: 'kv.put', key: 'k' }, { traceparent });
    await invoke('caller', { op: 'kv.get' }, { traceparent });
    await invoke('caller', { op: 'teleport' }, { traceparent });
    const spans = await spansOf(traceId, 15);
    expect(named(spans, 'kv.put')).toMatchObject({ isError: false, attributes: { 'db.operation.name': 'put' } });
    expect(named(spans, 'kv.get')).toMatchObject({ isError: true, attributes: { 'error.type': 'InvalidRequest' } });
    expect(named(spans, 'teleport')).toMatchObject({ isError: true, attributes: { 'error.type': 'InvalidRequest' } });
  });

  it('follow a function that invokes another', async () => {
    const { traceId, traceparent } = beginTrace();
    await invoke('caller', { op: 'invoke', function: 'failing' }, { traceparent });
    const spans = await spansOf(traceId, 9);
    const [call, failing] = [named(spans, 'invoke'), named(spans, 'failing')];
    expect(call).toMatchObject({ kind: SPAN_KINDS.client, isError: true });
    expect(call.attributes).toMatchObject({ 'faas.invoked_name': 'failing', 'error.type': 'Unhandled' });
    expect(failing).toMatchObject({ parentSpanId: call.spanId, isError: true });
    expect(spans.find(({ spanId }) => spanId === call.parentSpanId)).toMatchObject({ name: 'run', isError: false });
  });

  it('link an event that is run later, at each attempt, to who sent it', async () => {
    const { traceId, traceparent } = beginTrace();
    await invoke('failing', {}, { traceparent }, 'Event');
    const spans = await spansOf(traceId, 1 + 3 * 3);
    const request = spans.find(({ parentSpanId }) => parentSpanId === SPAN);
    expect(request?.attributes).toMatchObject({ 'http.response.status_code': 202 });
    const attempts = spans.filter(({ name }) => name === 'failing');
    expect(attempts).toHaveLength(3);
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ kind: SPAN_KINDS.consumer, parentSpanId: request?.spanId, isError: true });
      expect(attempt.links).toMatchObject([{ traceId, spanId: request?.spanId }]);
      expect(attempt.attributes).toMatchObject({ 'faas.trigger': 'pubsub' });
    }
  });

  it('go on with an event that was sent as in former days', async () => {
    const { traceId, traceparent } = beginTrace();
    const command = new InvokeAsyncCommand({ FunctionName: 'echo', InvokeArgs: '{}' });
    command.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { traceparent });
        return next(args);
      },
      { step: 'build' },
    );
    await isola.client.send(command);
    const spans = await spansOf(traceId, 4);
    const request = spans.find(({ parentSpanId }) => parentSpanId === SPAN);
    expect(named(spans, 'echo')).toMatchObject({ parentSpanId: request?.spanId, kind: SPAN_KINDS.consumer });
  });

  it('begin with a visitor of a function URL who brings none', async () => {
    const address = await isola.openUrl('echo');
    const { host } = new URL(address);
    const visited = await fetch(`${isola.url}/url/echo/path?secret=1`, { headers: { 'x-host': host } });
    const header = visited.headers.get('x-amzn-trace-id') ?? '';
    const [, root = '', id] = /^Root=1-([0-9a-f-]+);Parent=([0-9a-f]{16});Sampled=1$/.exec(header) ?? [];
    const spans = await spansOf(root.replace('-', ''), 4);
    const request = named(spans, 'GET /url/{function}/*');
    expect(request).toMatchObject({ spanId: id, attributes: { 'url.path': '/url/echo/path' } });
    expect(request.parentSpanId).toBeUndefined();
    expect(named(spans, 'echo')).toMatchObject({ parentSpanId: id, attributes: { 'faas.trigger': 'http' } });
  });

  it("take up X-Ray's header, and leave a trace alone that others do not take", async () => {
    const [taken, left] = [beginTrace(), beginTrace('00')];
    const toXray = ({ traceId }: { traceId: string }, rest: string): Readonly<Record<string, string>> => ({
      'x-amzn-trace-id': `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${SPAN};${rest}`,
    });
    const unsampled = JSON.parse(await invoke('variable', '_X_AMZN_TRACE_ID', toXray(left, 'Sampled=0')));
    expect(unsampled).toBe(toXray(left, 'Sampled=0')['x-amzn-trace-id']);
    await invoke('caller', { op: 'fetch', url: `${url}/found`, method: 'POST' }, { traceparent: left.traceparent });
    expect(fetched.at(-1)).toMatchObject({ traceparent: left.traceparent });
    await invoke('echo', {}, toXray(taken, 'Sampled=1'));
    const spans = await spansOf(taken.traceId, 4);
    expect(spans.find(({ parentSpanId }) => parentSpanId === SPAN)?.name).toMatch(/^POST /);
    expect(collector.exports.flatMap((each) => each.spans).filter(({ traceId }) => traceId === left.traceId)).toEqual(
      [],
    );
  });

  it('do not tell of who asks how the process is, and are counted', async () => {
    await fetch(`${isola.url}/healthz`);
    const metrics = await (await fetch(`${isola.url}/metrics`)).text();
    expect(Number(/isola_spans_total\{result="exported"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(20);
    expect(metrics).toContain('isola_spans_total{result="dropped"} 0');
    const paths = collector.exports.flatMap((each) => each.spans.map(({ attributes }) => attributes['url.path']));
    expect(paths).not.toContain('/healthz');
    expect(paths).not.toContain('/metrics');
  });
});
