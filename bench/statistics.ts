/** Percentiles of one series, in the unit of its samples. */
export interface Percentiles {
  readonly n: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

export function percentiles(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { n: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** Three significant digits, so that noise does not look like knowledge. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

export function rounded({ n, p50, p90, p99 }: Percentiles): Percentiles {
  return { n, p50: round(p50), p90: round(p90), p99: round(p99) };
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function geomean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** Median, ninetieth and ninety-ninth percentile in one cell. */
export function show({ p50, p90, p99 }: Percentiles): string {
  return `${round(p50)} / ${round(p90)} / ${round(p99)}`;
}
