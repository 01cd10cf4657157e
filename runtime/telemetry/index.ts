import type { Observer } from '../contract/observer.ts';
import { createDeferredMetrics } from './deferred-metrics.ts';
import { jsonFormat, textFormat } from './log-format.ts';
import { createLogWriter, type LogSink } from './log-writer.ts';
import type { LiveGauges, Metrics } from './metrics.ts';

export type { LogSink } from './log-writer.ts';
export type { LiveGauges } from './metrics.ts';

export interface TelemetryDeps {
  readonly config: { readonly log: 'text' | 'json' | 'off' };
  readonly sink: LogSink;
  readonly live: LiveGauges;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export interface Telemetry {
  readonly observer: Observer;
  /** The Prometheus exposition, for `/metrics`. */
  readonly metrics: Metrics['read'];
  /** Writes what the log still holds; for the end of the process. */
  flush(): void;
}

/** The observer that counts and writes. With `log: 'off'` it only counts. */
export function createTelemetry(deps: TelemetryDeps): Telemetry {
  const { clock } = deps;
  const metrics = createDeferredMetrics(deps.live);
  const format = deps.config.log === 'json' ? jsonFormat : textFormat;
  const writer = createLogWriter(deps.sink, (entries) =>
    format.notice('warn', `The log fell behind: ${entries} entries were dropped.`, clock()),
  );
  const write = (text: () => string): void => {
    if (deps.config.log !== 'off') writer.write(text());
  };
  return {
    metrics: metrics.read,
    flush: () => writer.flush(),
    observer: {
      invocationEnded(invocation, outcome) {
        metrics.record(invocation, outcome);
        if (outcome.kind === 'refused') return;
        write(() => format.invocation(invocation, outcome, clock()));
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
