import type { Prices } from '../contract/usage.ts';
import type { LiveGauges, Metrics } from './metrics.ts';

/** When the metrics are loaded, in milliseconds after the start, unless someone reads them before. */
const LOAD_MS = 1_000;

export interface DeferredMetrics extends Metrics {
  /** Loads nothing by itself any more; resolves when nothing is being loaded. */
  close(): Promise<void>;
}

/** Metrics whose library is loaded when the process has started: its first answer should not wait for it. */
export function createDeferredMetrics(live: LiveGauges, prices: Prices): DeferredMetrics {
  let metrics: Metrics | undefined;
  let loading: Promise<Metrics> | undefined;
  let held: ((metrics: Metrics) => void)[] = [];
  const load = async (): Promise<Metrics> => {
    const { createMetrics } = await import('./metrics.ts');
    const loaded = createMetrics(live, prices);
    for (const record of held) record(loaded);
    held = [];
    metrics = loaded;
    return loaded;
  };
  const loadOnce = (): Promise<Metrics> => {
    loading ??= load();
    return loading;
  };
  const tell = (record: (metrics: Metrics) => void): void => {
    if (metrics) record(metrics);
    else held.push(record);
  };
  const loadLater = setTimeout(() => void loadOnce(), LOAD_MS).unref();
  return {
    record: (invocation, outcome) => tell((to) => to.record(invocation, outcome)),
    recordAsyncEvent: (functionName, ending) => tell((to) => to.recordAsyncEvent(functionName, ending)),
    recordThreadDeath: (lost) => tell((to) => to.recordThreadDeath(lost)),
    recordArtifact: (phases) => tell((to) => to.recordArtifact(phases)),
    read: async () => (await loadOnce()).read(),
    values: async () => (await loadOnce()).values(),
    async close() {
      clearTimeout(loadLater);
      await loading;
    },
  };
}
