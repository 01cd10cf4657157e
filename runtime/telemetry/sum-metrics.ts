import { AggregatorRegistry } from 'prom-client';
import type { MetricValues } from './metrics.ts';

/** The exposition of several processes' metrics as one process's: counts are added up, and what has no sum is left out. */
export async function sumMetrics(
  processes: readonly MetricValues[],
): Promise<{ readonly contentType: string; readonly body: string }> {
  const registry = AggregatorRegistry.aggregate([...processes]);
  return { contentType: registry.contentType, body: await registry.metrics() };
}
