import { setTimeout as delay } from 'node:timers/promises';

/** What prom-client's sampling adds: it is the time between two ticks of a timer of ten milliseconds. */
const TICK_US = 10_000;
const LOOK_MS = 20;

/** A number of a server's /metrics; NaN when there is none. */
export async function readMetric(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);
}

/** Processor time that a server has taken so far, in all its threads, in microseconds. */
export async function readProcessorUs(url: string): Promise<number> {
  return (await readMetric(url, 'process_cpu_seconds_total')) * 1_000_000;
}

/** How late a server's event loop was since its metrics were last read, p99 in microseconds. */
export async function readLoopDelayP99(url: string): Promise<number> {
  return Math.max(0, (await readMetric(url, 'nodejs_eventloop_lag_p99_seconds')) * 1_000_000 - TICK_US);
}

/** Waits until nothing runs or waits in a server any more. */
export async function untilIdle(url: string): Promise<void> {
  for (const name of ['isola_concurrent_executions', 'isola_queued_invocations', 'isola_async_queued_events']) {
    while ((await readMetric(url, name)) > 0) await delay(LOOK_MS);
  }
}
