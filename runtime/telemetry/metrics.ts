import { Counter, collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import type { AsyncEnding } from '../contract/async-invocation.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { ColdStart, Outcome } from '../contract/outcome.ts';
import { type Prices, toCost, toGbSeconds } from '../contract/usage.ts';
import { toBilledMs } from '../events/platform-log.ts';
import { Distribution } from './distribution.ts';
import type { LineCounts } from './function-log.ts';
import type { SpanCounts } from './traces/span-queue.ts';

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
  /** Invocations whose lines were written to their log groups, and those whose were not. */
  readonly lines: () => LineCounts;
  /** What has become of spans; absent where nothing is traced. */
  readonly spans?: () => SpanCounts;
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

/** What is counted of every invocation: plain numbers, which become series when they are read. */
interface FunctionTally {
  invocations: number;
  throttles: number;
  fuel: number;
  billedMs: number;
  gbSeconds: number;
  readonly duration: Distribution;
  readonly queueWait: Distribution;
}

/**
 * Metrics under Lambda's names in Prometheus's spelling. Only functions that exist become labels, so a caller cannot
 * make series. As on Lambda, throttles are not invocations, and a timeout is an error.
 */
export function createMetrics(live: LiveGauges, prices: Prices): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['function_name'] as const;
  collectDefaultMetrics({ register: registry });
  const tallies = new Map<string, FunctionTally>();
  const tallyOf = (name: string): FunctionTally => {
    const known = tallies.get(name);
    if (known) return known;
    const counts = { invocations: 0, throttles: 0, fuel: 0, billedMs: 0, gbSeconds: 0 };
    const tally = { ...counts, duration: new Distribution(SECONDS), queueWait: new Distribution(SECONDS) };
    tallies.set(name, tally);
    return tally;
  };
  const counter = (name: string, help: string, read: (tally: FunctionTally) => number): void => {
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [function_name, tally] of tallies) this.inc({ function_name }, read(tally));
      },
    });
  };
  const histogram = (name: string, help: string, read: (tally: FunctionTally) => Distribution): void => {
    const toSamples = () => [...tallies].flatMap(([function_name, of]) => read(of).toSamples(name, { function_name }));
    const get = async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: toSamples() });
    registry.registerMetric({ name, get } as unknown as Metric<'function_name'>);
  };
  counter('isola_invocations_total', 'Invocations that ran, failed ones included.', (of) => of.invocations);
  const errors = new Counter({
    name: 'isola_errors_total',
    help: 'Invocations that ended in an error, by how they ended.',
    labelNames: ['function_name', 'outcome'] as const,
    registers,
  });
  counter('isola_throttles_total', 'Invocations that were refused for want of room.', (of) => of.throttles);
  const asyncEvents = new Counter({
    name: 'isola_async_events_total',
    help: 'Asynchronous events that are done with, by how they ended.',
    labelNames: ['function_name', 'ending'] as const,
    registers,
  });
  counter('isola_fuel_total', 'Fuel burnt.', (of) => of.fuel);
  counter('isola_billed_duration_seconds_total', 'Time that is billed.', (of) => of.billedMs / 1000);
  counter('isola_gb_seconds_total', 'Billed time by memory.', (of) => of.gbSeconds);
  counter('isola_cost_total', `What invocations cost by the price list, in ${prices.currency}.`, (of) =>
    toCost({ requests: of.invocations, gbSeconds: of.gbSeconds }, prices),
  );
  histogram('isola_duration_seconds', 'Guest time of an invocation.', (of) => of.duration);
  histogram('isola_queue_wait_seconds', 'Time from arrival until a thread took the invocation.', (of) => of.queueWait);
  const coldStarts = new Counter({
    name: 'isola_cold_starts_total',
    help: 'Invocations that had to make an isolate of a new artifact.',
    labelNames,
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
  new Counter({
    name: 'isola_logged_invocations_total',
    help: 'Invocations whose lines went to their log groups, or were lost on the way.',
    labelNames: ['result'] as const,
    registers,
    collect() {
      this.reset();
      for (const [result, count] of Object.entries(live.lines())) this.inc({ result }, count);
    },
  });
  const { spans } = live;
  if (spans) {
    new Counter({
      name: 'isola_spans_total',
      help: 'Spans of traces, by what has become of them.',
      labelNames: ['result'] as const,
      registers,
      collect() {
        this.reset();
        for (const [result, count] of Object.entries(spans())) this.inc({ result }, count);
      },
    });
  }

  return {
    record(invocation, outcome) {
      const name = invocation.target.name;
      const tally = tallyOf(name);
      if (outcome.kind === 'refused') {
        tally.throttles++;
        return;
      }
      const { report } = outcome;
      tally.invocations++;
      tally.fuel += report.fuel;
      const billedMs = toBilledMs(report);
      tally.billedMs += billedMs;
      tally.gbSeconds += toGbSeconds(billedMs, invocation.target.memoryMb);
      tally.duration.observe(report.durationMs / 1000);
      tally.queueWait.observe(report.queueMs / 1000);
      if (outcome.kind !== 'succeeded') errors.labels(name, outcome.kind).inc();
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
