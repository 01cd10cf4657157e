import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Observer } from '../../contract/observer.ts';
import type { Tracer } from '../../contract/tracer.ts';
import type { TracesConfig } from '../../traces-config.ts';
import { traceHostCalls } from './call-spans.ts';
import { createEpochClock } from './epoch-clock.ts';
import { traceInvocations } from './invocation-spans.ts';
import { createOtlpExporter } from './otlp-exporter.ts';
import { takeTrace, traceRequest } from './request-spans.ts';
import { createSampler } from './sampler.ts';
import { type SpanCounts, SpanQueue } from './span-queue.ts';

/** How long the end of a process waits for a collector at most, in milliseconds. */
const FLUSH_MS = 5_000;

/** A tracer, and the way to its end. */
export interface Traces extends Tracer {
  readonly counts: SpanCounts;
  /** Sends what is there still, if the collector takes it in time; to be called when nothing runs any more. */
  close(): Promise<void>;
}

/** Takes traces and sends them to a collector. */
export function createTraces(config: TracesConfig, observer: Pick<Observer, 'noticed'>): Traces {
  const resource = {
    ...{ 'telemetry.sdk.name': 'isola', 'telemetry.sdk.language': 'nodejs', 'host.name': hostname() },
    ...{ 'service.instance.id': randomUUID(), 'process.pid': process.pid },
    ...{ 'process.runtime.name': 'nodejs', 'process.runtime.version': process.versions.node },
    ...config.resource,
  };
  const exporter = createOtlpExporter({ config, resource, observer });
  const queue = new SpanQueue({ ...config, send: (spans, signal) => exporter.send(spans, signal) });
  const parts = { tell: queue.add, samples: createSampler(config.sampler), clock: createEpochClock() };
  return {
    request: (request, parent) => traceRequest(parts, request, parent),
    take: (header) => takeTrace(parts, header),
    invoker: (next) => traceInvocations(parts, next),
    hostCalls: (next) => traceHostCalls(parts, next),
    get counts() {
      return queue.counts;
    },
    async close() {
      await queue.close(Math.min(FLUSH_MS, config.exportTimeoutMs));
      exporter.close();
    },
  };
}
