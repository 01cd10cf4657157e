import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { fromOtlpProtobuf } from './otlp-protobuf.ts';

/** A span as it came, in whichever encoding. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isError: boolean;
  readonly flags: number;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A request as it came. */
export interface ReceivedExport {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly ReceivedSpan[];
}

/** A collector of OpenTelemetry's that speaks OTLP over HTTP and remembers what it is told. */
export interface TestCollector {
  readonly url: string;
  readonly exports: readonly ReceivedExport[];
  /** What it answers from now on; a status, or nothing at all. */
  answer: number | 'silence';
  /** Connections that it has had. */
  readonly connections: number;
  /** Resolves when it has been asked so often, whatever it answered. */
  asked(times: number): Promise<void>;
  /** Resolves with all spans as soon as they are what is waited for. */
  until(isEnough: (spans: readonly ReceivedSpan[]) => boolean): Promise<readonly ReceivedSpan[]>;
  close(): Promise<void>;
}

export async function startCollector(): Promise<TestCollector> {
  const exports: ReceivedExport[] = [];
  const waiting = new Set<() => void>();
  const count = { connections: 0, requests: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      count.requests++;
      if (collector.answer === 'silence') return tellAll();
      const isTaken = collector.answer === 200;
      const bytes = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const isJson = request.headers['content-type'] === 'application/json';
      const message = isJson ? JSON.parse(body.toString()) : fromOtlpProtobuf(body);
      const spans = isTaken ? toSpans(message) : [];
      exports.push({ path: request.url ?? '', headers: request.headers, spans });
      response.writeHead(collector.answer, { 'content-type': 'application/json' }).end('{}');
      tellAll();
    });
  });
  server.on('connection', () => count.connections++);
  const tellAll = (): void => {
    for (const look of waiting) look();
  };
  /** Resolves with what `look` answers as soon as that is something. */
  const wait = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const again = (): void => {
        const found = look();
        if (found === undefined) return;
        waiting.delete(again);
        resolve(found);
      };
      waiting.add(again);
      again();
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector: TestCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exports,
    answer: 200,
    get connections() {
      return count.connections;
    },
    asked: (times) => wait(() => (count.requests >= times ? true : undefined)).then(() => undefined),
    until: (isEnough) =>
      wait(() => {
        const spans = exports.flatMap((each) => each.spans);
        return isEnough(spans) ? spans : undefined;
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return collector;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the sender wrote
type Any = any;

/** OTLP's JSON, in the form that spans are asked about. */
export function toSpans(message: Any): readonly ReceivedSpan[] {
  return (message.resourceSpans as Any[]).flatMap((resourceSpans: Any) =>
    resourceSpans.scopeSpans.flatMap((scopeSpans: Any) =>
      scopeSpans.spans.map((span: Any): ReceivedSpan => {
        const { traceId, spanId, parentSpanId, traceState, name, kind, flags } = span;
        const { startTimeUnixNano, endTimeUnixNano, attributes = [], status = {}, links = [] } = span;
        return {
          ...{ traceId, spanId, parentSpanId, traceState, name, kind, flags },
          ...{ from: BigInt(startTimeUnixNano), to: BigInt(endTimeUnixNano), attributes: toRecord(attributes) },
          links: links.map((link: Any) => ({ traceId: link.traceId, spanId: link.spanId })),
          ...{ isError: status.code === 2, resource: toRecord(resourceSpans.resource.attributes) },
        };
      }),
    ),
  );
}

function toRecord(attributes: Any[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }: Any) => [key, toPlain(value)]));
}

function toPlain(value: Any): unknown {
  return value.intValue === undefined ? Object.values(value)[0] : Number(value.intValue);
}
