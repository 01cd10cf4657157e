import { afterEach, describe, expect, it } from 'vitest';
import { startCollector, type TestCollector } from '../support/collector.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

/** What has become of the spans of a process. */
async function countSpans({ url }: TestIsola): Promise<Readonly<Record<string, number>>> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counts = [...metrics.matchAll(/isola_spans_total\{result="(\w+)"\} (\d+)/g)];
  return Object.fromEntries(counts.map(([, result, count]) => [result, Number(count)]));
}

describe('a collector that is of no use', () => {
  let collector: TestCollector;
  let isola: TestIsola;
  afterEach(() => collector.close());

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
    collector = await startCollector();
    isola = await startTestIsola({
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_MAX_QUEUE_SIZE: '8', OTEL_BSP_SCHEDULE_DELAY: '10' },
      ...env,
    });
    await isola.create('echo', guest('echo'));
  };
  const invoke = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      expect(await isola.invoke('echo', { time })).toMatchObject({ status: 200, payload: { time } });
    }
  };

  it('takes nothing from those who invoke: what it does not take is counted', async () => {
    await start();
    collector.answer = 500;
    await invoke(10);
    await expect.poll(async () => (await countSpans(isola)).failed).toBeGreaterThan(0);
    collector.answer = 'silence';
    await invoke(10);
    await expect.poll(async () => (await countSpans(isola)).dropped).toBeGreaterThan(0);
    expect(await countSpans(isola)).toMatchObject({ exported: 0 });
    await isola.stop();
  });

  it('does not keep a process from its end', async () => {
    await start({ OTEL_BSP_EXPORT_TIMEOUT: '100' });
    collector.answer = 'silence';
    await invoke(3);
    const began = performance.now();
    await isola.stop();
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('has at the end of a process all that it did not have before', async () => {
    await start({ OTEL_BSP_SCHEDULE_DELAY: '600000', OTEL_BSP_MAX_QUEUE_SIZE: '2048' });
    await invoke(10);
    expect(collector.exports).toEqual([]);
    await isola.stop();
    const spans = collector.exports.flatMap((each) => each.spans);
    expect(spans.filter(({ name }) => name === 'run')).toHaveLength(10);
  });
});
