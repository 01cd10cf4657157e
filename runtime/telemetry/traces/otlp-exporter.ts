import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Observer } from '../../contract/observer.ts';
import type { TracesConfig } from '../../traces-config.ts';
import { Collector, type CollectorAnswer } from './collector.ts';
import { toOtlpJson } from './otlp-json.ts';
import { toProtobuf } from './otlp-protobuf.ts';
import type { Attributes, Span } from './span.ts';

/** Statuses after which a collector wants to be asked again. Source: OTLP 1, "OTLP/HTTP Response", "Retryable Response Codes". */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** The first pause between tries, doubled each time up to the longest, in milliseconds. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** A collector that is down is told of this often, in milliseconds. */
const NOTICE_MS = 60_000;

export interface OtlpExporterDeps {
  readonly config: Pick<TracesConfig, 'url' | 'protocol' | 'headers' | 'compression' | 'timeoutMs' | 'exportTimeoutMs'>;
  readonly resource: Attributes;
  readonly observer: Pick<Observer, 'noticed'>;
}

export interface OtlpExporter {
  /** Resolves with whether the collector has the spans; never rejects. An abort ends the trying. */
  send(spans: readonly Span[], signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/** Sends spans by OTLP over HTTP, again while there is hope and time. */
export function createOtlpExporter({ config, resource, observer }: OtlpExporterDeps): OtlpExporter {
  const { url, protocol, compression, timeoutMs, exportTimeoutMs } = config;
  const headers = {
    ...config.headers,
    'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    ...(compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
  };
  const collector = new Collector(url, headers, timeoutMs);
  let noticedAt = Number.NEGATIVE_INFINITY;
  const tell = (spans: number, why: string): void => {
    if (performance.now() - noticedAt < NOTICE_MS) return;
    noticedAt = performance.now();
    observer.noticed('warn', `${spans} spans could not be sent to ${new URL(url).origin}: ${why}.`);
  };
  const encode = async (spans: readonly Span[]): Promise<Uint8Array> => {
    const body = protocol === 'http/json' ? Buffer.from(toOtlpJson(resource, spans)) : toProtobuf(resource, spans);
    return compression === 'gzip' ? promisify(gzip)(body) : body;
  };
  const tryToSend = async (spans: readonly Span[], signal: AbortSignal): Promise<boolean> => {
    const body = await encode(spans);
    const until = performance.now() + exportTimeoutMs;
    for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const answer = await collector.post(body, signal);
      if (answer.status !== undefined && answer.status >= 200 && answer.status < 300) return true;
      const waitMs = answer.retryAfterMs ?? pauseMs * (0.5 + Math.random() / 2);
      const isOver = signal.aborted || performance.now() + waitMs > until;
      if (!mayTryAgain(answer) || isOver) {
        tell(spans.length, answer.why);
        return false;
      }
      await pause(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  return {
    send: (spans, signal) =>
      tryToSend(spans, signal).catch((error: Error) => {
        tell(spans.length, error.message);
        return false;
      }),
    close: () => collector.close(),
  };
}

function mayTryAgain(answer: CollectorAnswer): boolean {
  return answer.status === undefined || AGAIN.has(answer.status);
}
