import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AsyncEnding } from '../contract/async-invocation.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { ColdStart, Outcome } from '../contract/outcome.ts';

/** Numbers that others hold, read when the metrics are asked for. */
export interface LiveGauges {
  readonly liveIsolates: () => number;
  readonly liveThreads: () => number;
  /** Invocations running now: Lambda's ConcurrentExecutions. */
  readonly concurrentExecutions: () => number;
  /** Invocations waiting for a thread. */
  readonly queued: () => number;
  /** Asynchronous events that wait or run, and the age of the oldest in milliseconds. */
  readonly asyncEvents: () => { readonly size: number; readonly age: number };
}

export interface Metrics {
  record(invocation: Invocation, outcome: Outcome): void;
  recordAsyncEvent(functionName: string, ending: AsyncEnding): void;
  recordThreadDeath(lost: number): void;
  recordArtifact(phases: { readonly compileMs: number; readonly imageMs: number }): void;
  /** The Prometheus text exposition. */
  read(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** The same as plain values, to be added to those of other processes. */
  values(): Promise<MetricValues>;
}

/** Every metric of a process, in the form that prom-client can add up. */
export type MetricValues = readonly object[];

const SECONDS = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 900];
const COLD_SECONDS = [0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 10];
const PHASES: readonly (readonly [string, keyof ColdStart])[] = [
  ['compile', 'compileMs'],
  ['worker', 'workerMs'],
  ['instantiate', 'instantiateMs'],
  ['restore', 'restoreMs'],
];

/**
 * Metrics under Lambda's names in Prometheus's spelling. Only functions that exist become labels, so a caller cannot
 * make series. As on Lambda, throttles are not invocations, and a timeout is an error.
 */
export function createMetrics(live: LiveGauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['function_name'] as const;
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string): Counter<'function_name'> =>
    new Counter({ name, help, labelNames, registers });
  const invocations = counter('isola_invocations_total', 'Invocations that ran, failed ones included.');
  const errors = new Counter({
    name: 'isola_errors_total',
    help: 'Invocations that ended in an error, by how they ended.',
    labelNames: ['function_name', 'outcome'] as const,
    registers,
  });
  const throttles = counter('isola_throttles_total', 'Invocations that were refused for want of room.');
  const asyncEvents = new Counter({
    name: 'isola_async_events_total',
    help: 'Asynchronous events that are done with, by how they ended.',
    labelNames: ['function_name', 'ending'] as const,
    registers,
  });
  const fuel = counter('isola_fuel_total', 'Fuel burnt.');
  const coldStarts = counter('isola_cold_starts_total', 'Invocations that had to make an isolate of a new artifact.');
  const duration = new Histogram({
    name: 'isola_duration_seconds',
    help: 'Guest time of an invocation.',
    labelNames,
    buckets: SECONDS,
    registers,
  });
  const queueWait = new Histogram({
    name: 'isola_queue_wait_seconds',
    help: 'Time from arrival until a thread took the invocation.',
    labelNames,
    buckets: SECONDS,
    registers,
  });
  const coldPhases = new Histogram({
    name: 'isola_cold_start_seconds',
    help: 'The phases of cold starts.',
    labelNames: ['phase'] as const,
    buckets: COLD_SECONDS,
    registers,
  });
  const loads = new Histogram({
    name: 'isola_artifact_load_seconds',
    help: 'Compiling an artifact and opening its image, once per process.',
    labelNames: ['phase'] as const,
    buckets: COLD_SECONDS,
    registers,
  });
  const threadDeaths = new Counter({
    name: 'isola_thread_deaths_total',
    help: 'Threads that ended without being asked to.',
    registers,
  });
  const lost = new Counter({
    name: 'isola_lost_invocations_total',
    help: 'Invocations that a dying thread took along.',
    registers,
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('isola_live_isolates', 'Isolates alive in all threads.', live.liveIsolates);
  gauge('isola_live_threads', 'Threads that run guests.', live.liveThreads);
  gauge('isola_concurrent_executions', 'Invocations running now.', live.concurrentExecutions);
  gauge('isola_queued_invocations', 'Invocations waiting for a thread.', live.queued);
  gauge('isola_async_queued_events', 'Asynchronous events that wait or run.', () => live.asyncEvents().size);
  gauge(
    'isola_async_oldest_event_seconds',
    'Age of the oldest asynchronous event.',
    () => live.asyncEvents().age / 1000,
  );

  return {
    record(invocation, outcome) {
      const name = invocation.target.name;
      if (outcome.kind === 'refused') {
        throttles.labels(name).inc();
        return;
      }
      const { report } = outcome;
      invocations.labels(name).inc();
      if (outcome.kind !== 'succeeded') errors.labels(name, outcome.kind).inc();
      duration.labels(name).observe(report.durationMs / 1000);
      queueWait.labels(name).observe(report.queueMs / 1000);
      fuel.labels(name).inc(report.fuel);
      if (!report.cold) return;
      coldStarts.labels(name).inc();
      for (const [phase, member] of PHASES) coldPhases.labels(phase).observe(report.cold[member] / 1000);
    },
    recordAsyncEvent(functionName, ending) {
      asyncEvents.labels(functionName, ending).inc();
    },
    recordThreadDeath(count) {
      threadDeaths.inc();
      lost.inc(count);
    },
    recordArtifact(phases) {
      loads.labels('compile').observe(phases.compileMs / 1000);
      loads.labels('image').observe(phases.imageMs / 1000);
    },
    read: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    values: () => registry.getMetricsAsJSON(),
  };
}
