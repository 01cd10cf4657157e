import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { UpdateFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MIB, STREAM_STALL_MS } from '../../runtime/contract/limits.ts';
import { streaming } from '../support/streaming-guest.ts';
import { startLiveIsola } from './live-isola.ts';
import { readVitals } from './vitals.ts';

const BLOCK = 65_536;
const STREAMED = 190 * MIB;
/**
 * Two windows, a thread that stands in, and buffers that are done with: V8 lets 64 MB of them wait in each thread before it looks.
 * Were they kept, this stream and the one that stalls would take twice as much.
 */
const MOST_MORE = 160 * MIB;

describe.skipIf(process.platform !== 'linux')('a stream of 190 MB (skipped where no process tells what it has)', () => {
  it('takes no more memory than its window while a slow client reads it, and a client that stalls is cut', async () => {
    const isola = await startLiveIsola();
    onTestFinished(() => isola.stop());
    await isola.create('long', streaming({ blocks: STREAMED / BLOCK }), { Timeout: 120 });
    await isola.openUrl('long');
    const InvokeMode = 'RESPONSE_STREAM';
    await isola.client.send(new UpdateFunctionUrlConfigCommand({ FunctionName: 'long', InvokeMode }));
    const { port } = new URL(isola.url);
    const resident = (): number => readVitals(isola.process.pid)?.residentBytes ?? 0;
    /** Reads the stream with a pause after so many bytes; answers its length, and the most that was resident meanwhile. */
    const read = async (pauseAfter: number): Promise<{ bytes: number; most: number }> => {
      const outgoing = request(`${isola.url}/url/long/`, { agent: false }).end();
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      const seen = { bytes: 0, most: 0 };
      let pauses = 0;
      for await (const chunk of incoming) {
        seen.bytes += (chunk as Buffer).byteLength;
        if (seen.bytes < (pauses + 1) * pauseAfter) continue;
        pauses++;
        await setTimeout(20);
        seen.most = Math.max(seen.most, resident());
      }
      return seen;
    };

    const { most: before } = await read(10 * MIB);
    const stalled = connect(Number(port), '127.0.0.1').pause();
    stalled.on('error', () => undefined).write('GET /url/long/ HTTP/1.1\r\nhost: a\r\n\r\n');
    const stalledAt = performance.now();
    const { bytes, most } = await read(2 * MIB);
    expect(bytes).toBe(STREAMED);
    expect(most - before).toBeLessThan(MOST_MORE);

    const running = async (): Promise<string | undefined> =>
      /^isola_concurrent_executions (\d+)$/m.exec(await (await fetch(`${isola.url}/metrics`)).text())?.[1];
    await expect.poll(running, { timeout: 3 * STREAM_STALL_MS, interval: 500 }).toBe('0');
    expect(performance.now() - stalledAt).toBeGreaterThan(STREAM_STALL_MS);
    expect((await buffer(stalled).catch(() => Buffer.alloc(0))).byteLength).toBeLessThan(STREAMED / 2);
  }, 180_000);
});
