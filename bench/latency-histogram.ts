import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Percentiles } from './statistics.ts';

const MOST_US = 3_600_000_000;

/** Microseconds to three figures, however many there are. */
export class LatencyHistogram {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: MOST_US, figures: 3 });

  get count(): number {
    return this.#histogram.count;
  }

  /** What is less than a microsecond counts as one. */
  record(us: number): void {
    this.#histogram.record(Math.min(MOST_US, Math.max(1, Math.round(us))));
  }

  percentiles(): Percentiles {
    const at = (percentile: number): number => (this.count === 0 ? Number.NaN : this.#histogram.percentile(percentile));
    return { n: this.count, p50: at(50), p90: at(90), p99: at(99) };
  }
}
