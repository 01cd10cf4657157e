import { describe, expect, it } from 'vitest';
import { STREAM_WINDOW_BYTES } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { StreamChunk } from '../../runtime/contract/response-stream.ts';
import { toFunctionVersion } from '../support/function-version.ts';
import { streaming } from '../support/streaming-guest.ts';
import { FAILING, startPool, type TestPool, textOf } from './fixture.ts';

/** The guest `big` streams so many blocks of 64 KiB: three times the window. */
const BLOCKS = (3 * STREAM_WINDOW_BYTES) / 65_536;

/** A client that takes chunks when it is told to. */
class SlowClient {
  readonly chunks: StreamChunk[] = [];
  readonly #held: (() => void)[] = [];
  #reads = false;
  #awaited = { chunks: Number.POSITIVE_INFINITY, resolve: () => {} };

  /** Resolves when so many chunks have come. */
  has(chunks: number): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = { chunks, resolve };
    });
  }

  write(chunk: StreamChunk, taken: () => void): void {
    this.chunks.push(chunk);
    if (this.chunks.length === this.#awaited.chunks) this.#awaited.resolve();
    if (this.#reads) taken();
    else this.#held.push(taken);
  }

  read(): void {
    this.#reads = true;
    for (const taken of this.#held.splice(0)) taken();
  }

  get bytes(): number {
    return this.chunks.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  }
}

function streamed({ pool }: TestPool, name: string, client: SlowClient, event = '{}'): Promise<Outcome> {
  return pool.invoke({
    ...{ requestId: `${name}-request`, traceId: '', receivedAt: Date.now(), event: Buffer.from(event) },
    ...{ target: toFunctionVersion(name, { timeoutMs: 60_000 }), stream: client },
  });
}

describe('an invocation with a stream', () => {
  it('has its chunks in order, before its outcome', async () => {
    const house = await startPool({ threads: 1 }, { few: streaming({ chunks: ['one', 'two', 'three'] }) });
    const client = new SlowClient();
    const outcome = await streamed(house, 'few', client);
    expect(client.chunks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['one', 'two', 'three']);
    expect(textOf(outcome)).toBe('');
  });

  it('runs ahead of its client as far as the window, and goes on when the client does', async () => {
    const house = await startPool({ threads: 2 }, { big: streaming({ blocks: BLOCKS }) });
    const client = new SlowClient();
    const outcome = streamed(house, 'big', client);
    await client.has(90);
    // The guest cannot have ended: it waits for this client, whatever time the others take.
    for (let round = 0; round < 10; round++) await house.invoke('echo');
    expect(house.pool.statistics.inFlight).toBe(1);
    expect(client.bytes).toBeLessThanOrEqual(STREAM_WINDOW_BYTES + 65_536);
    client.read();
    expect(textOf(await outcome)).toBe('');
    expect(client.bytes).toBe(3 * STREAM_WINDOW_BYTES);
  });

  it('counts small chunks by what they take on their way', async () => {
    const many = Array.from({ length: 20_000 }, () => 'x');
    const house = await startPool({ threads: 2 }, { small: streaming({ chunks: many }) });
    const client = new SlowClient();
    const outcome = streamed(house, 'small', client);
    await client.has(6_000);
    for (let round = 0; round < 10; round++) await house.invoke('echo');
    expect(client.chunks.length).toBeLessThan(6_200);
    client.read();
    await outcome;
    expect(client.chunks.length).toBe(20_000);
  });

  it('holds nobody back while it waits for its client', async () => {
    const house = await startPool({ threads: 2 }, { big: streaming({ blocks: BLOCKS }) });
    const client = new SlowClient();
    const outcome = streamed(house, 'big', client);
    const others = Array.from({ length: 30 }, (_, index) => house.invoke('echo', index));
    expect((await Promise.all(others)).map(textOf)).toEqual(others.map((_, index) => `${index}`));
    client.read();
    await outcome;
  });

  it('has others stand in for threads that wait for clients, so that others go on', async () => {
    const big = streaming({ blocks: BLOCKS });
    const house = await startPool({ threads: 2, mostParked: 4 }, { big });
    const clients = Array.from({ length: 4 }, () => new SlowClient());
    const full = clients.map((client) => client.has(90));
    const outcomes = clients.map((client) => streamed(house, 'big', client));
    await Promise.all(full);
    expect(textOf(await house.invoke('echo', 1))).toBe('1');
    expect(house.pool.statistics.threads).toBeGreaterThan(4);
    expect(house.pool.statistics.threads).toBeLessThanOrEqual(6);
    for (const client of clients) client.read();
    expect((await Promise.all(outcomes)).map(textOf)).toEqual(clients.map(() => ''));
    expect(clients.map(({ bytes }) => bytes)).toEqual(clients.map(() => 3 * STREAM_WINDOW_BYTES));
  });

  it('costs its outcome nothing when the guest does not stream', async () => {
    const house = await startPool({ threads: 1 });
    const client = new SlowClient();
    expect(textOf(await streamed(house, 'echo', client, '"as ever"'))).toBe('"as ever"');
    expect(client.chunks).toEqual([]);
  });

  it('ends as crashed when its thread does', async () => {
    const house = await startPool({ threads: 1, entry: FAILING });
    const outcome = await streamed(house, 'echo', new SlowClient(), '"exit"');
    expect(outcome.kind).toBe('crashed');
  });
});
