import type { Invocation } from '../contract/invocation.ts';
import type { Observer } from '../contract/observer.ts';
import type { Prices } from '../contract/usage.ts';
import type { Ran } from '../events/platform-log.ts';
import { createDeferredMetrics } from './deferred-metrics.ts';
import { FunctionLog } from './function-log.ts';
import { jsonFormat, textFormat } from './log-format.ts';
import { createLogWriter, type LogSink } from './log-writer.ts';
import type { LiveGauges, Metrics } from './metrics.ts';
import { UsageMeter } from './usage-meter.ts';

export type { FunctionLog } from './function-log.ts';
export type { LogSink } from './log-writer.ts';
export type { LiveGauges, MetricValues } from './metrics.ts';
export type { UsageMeter } from './usage-meter.ts';

export interface TelemetryDeps {
  readonly config: { readonly log: 'text' | 'json' | 'off'; readonly prices: Prices };
  readonly sink: LogSink;
  readonly live: Omit<LiveGauges, 'lines'>;
  /** May the function's own lines be written? Asked only where there are some; a promise where roles are still to be read. */
  readonly mayLog: (invocation: Invocation) => boolean | Promise<boolean>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export interface Telemetry {
  readonly observer: Observer;
  /** The Prometheus exposition, for `/metrics`. */
  readonly metrics: Metrics['read'];
  /** The same as values, for a process that adds them up. */
  readonly metricValues: Metrics['values'];
  /** What functions use; to be opened where it is to be written. */
  readonly usage: UsageMeter;
  /** The lines of functions on their way to their log groups; to be opened where they are to be kept. */
  readonly lines: FunctionLog;
  /** Writes at once what the log still holds; resolves when nothing is being loaded any more. */
  close(): Promise<void>;
}

/** The observer that counts and writes. With `log: 'off'` it only counts. */
export function createTelemetry(deps: TelemetryDeps): Telemetry {
  const { clock } = deps;
  const format = deps.config.log === 'json' ? jsonFormat : textFormat;
  const writer = createLogWriter(deps.sink, (entries) =>
    format.notice('warn', `The log fell behind: ${entries} entries were dropped.`, clock()),
  );
  const write = (text: () => string): void => {
    if (deps.config.log !== 'off') writer.write(text());
  };
  const usage = new UsageMeter(clock, ({ message }) => {
    write(() => format.notice('error', `What functions used cannot be written: ${message}`, clock()));
  });
  const lines = new FunctionLog((invocations, reason) => {
    write(() => format.notice('error', `The lines of ${invocations} invocations were lost: ${reason}`, clock()));
  });
  const metrics = createDeferredMetrics({ ...deps.live, lines: () => lines.counts }, deps.config.prices);
  /** What the platform says of an invocation is always written, what the function said only if its role lets it. */
  const writeInvocation = (invocation: Invocation, outcome: Ran, isGranted: boolean): void => {
    const shown = isGranted ? outcome : { ...outcome, log: '' };
    write(() => format.invocation(invocation, shown, clock()));
  };
  return {
    ...{ usage, lines },
    metrics: metrics.read,
    metricValues: metrics.values,
    close() {
      writer.flush();
      return metrics.close();
    },
    observer: {
      invocationEnded(invocation, outcome) {
        metrics.record(invocation, outcome);
        usage.record(invocation, outcome);
        if (outcome.kind === 'refused') return;
        lines.take(invocation, outcome, clock());
        const isGranted = deps.config.log === 'off' || outcome.log === '' || deps.mayLog(invocation);
        if (typeof isGranted === 'boolean') writeInvocation(invocation, outcome, isGranted);
        else {
          isGranted.then(
            (answer) => writeInvocation(invocation, outcome, answer),
            () => writeInvocation(invocation, outcome, false),
          );
        }
      },
      invocationLogged(invocation, log) {
        lines.takePart(invocation, log, clock());
      },
      artifactLoaded(_artifact, phases) {
        metrics.recordArtifact(phases);
      },
      asyncEventEnded(functionName, ending) {
        metrics.recordAsyncEvent(functionName, ending);
      },
      threadDied(reason, lost) {
        metrics.recordThreadDeath(lost);
        write(() => format.notice('error', `A thread died (${reason}); ${lost} invocations were lost.`, clock()));
      },
      noticed(level, message) {
        write(() => format.notice(level, message, clock()));
      },
    },
  };
}
