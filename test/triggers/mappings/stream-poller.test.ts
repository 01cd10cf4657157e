import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../runtime/contract/outcome.ts';
import type { EventSourceSettings } from '../../../runtime/store/event-source-record.ts';
import { SqliteResourceStore } from '../../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../../runtime/store/sqlite/storage.ts';
import { Checkpoints } from '../../../runtime/triggers/mappings/checkpoints.ts';
import { HeldBytes } from '../../../runtime/triggers/mappings/held-bytes.ts';
import { StreamPoller } from '../../../runtime/triggers/mappings/stream-poller.ts';
import type { Position, Shard, StreamReading, StreamSource } from '../../../runtime/triggers/mappings/stream-source.ts';
import { answered, createTarget, FAILED } from './target.ts';

const PATIENCE = { timeout: 20_000, interval: 10 };

interface FakeShard extends Shard {
  readonly records: { readonly at: number; readonly key: string }[];
  isClosed: boolean;
}

/** A stream in memory, whose records say `SHARD:NUMBER`, and which can be told to fail. */
class FakeStream implements StreamSource {
  readonly idleMs = 5;
  readonly all: FakeShard[] = [];
  readonly positions: string[] = [];
  #failures = 0;

  add(id: string, parents: readonly string[], count: number, key: (at: number) => string = () => 'k'): FakeShard {
    const shard: FakeShard = { id, parents, isClosed: false, records: [] };
    for (let at = 0; at < count; at++) shard.records.push({ at: Date.now(), key: key(at) });
    this.all.push(shard);
    return shard;
  }

  failNext(times: number): void {
    this.#failures = times;
  }

  async shards(): Promise<readonly Shard[]> {
    return this.all.map(({ id, parents, isClosed }) => ({ id, parents, isClosed }));
  }

  async iterator(shardId: string, position: Position): Promise<string> {
    this.positions.push(`${shardId} ${position.kind}`);
    const { records } = this.#find(shardId);
    switch (position.kind) {
      case 'oldest':
        return `${shardId}/0`;
      case 'newest':
        return `${shardId}/${records.length}`;
      case 'since':
        return `${shardId}/${records.filter(({ at }) => at < position.at).length}`;
      case 'after':
        return `${shardId}/${Number(position.sequenceNumber)}`;
    }
  }

  async read({ iterator, most }: StreamReading) {
    if (this.#failures-- > 0) throw new Error('the iterator has expired');
    const [id = '', from = '0'] = iterator.split('/');
    const { records, isClosed } = this.#find(id);
    const start = Number(from);
    const page = records.slice(start, start + most).map(({ at, key }, index) => ({
      sequenceNumber: String(start + index + 1),
      ...{ key, arrivedAt: at, json: `{"n":"${id}:${start + index + 1}"}`, filtered: { members: {} } },
    }));
    const through = start + page.length;
    const isEnd = isClosed && through === records.length;
    return { records: page, next: isEnd ? undefined : `${id}/${through}`, isBehind: through < records.length };
  }

  close(): void {}

  #find(id: string): FakeShard {
    const shard = this.all.find((each) => each.id === id);
    if (shard === undefined) throw new Error('there is no such shard');
    return shard;
  }
}

let storage: ReturnType<typeof openStorage>;
let checkpoints: Checkpoints;
const pollers: StreamPoller[] = [];
beforeEach(() => {
  storage = openStorage(':memory:');
  checkpoints = new Checkpoints(new SqliteResourceStore(storage));
});
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()));
  void storage.close();
});

/** Polls a stream for a function that ends as `outcome` says; tells what it saw. */
function poll(
  source: FakeStream,
  settings: EventSourceSettings = {},
  outcome: (numbers: readonly string[]) => Outcome | Promise<Outcome> = () => answered(null),
) {
  const seen: string[] = [];
  const results: string[] = [];
  const target = createTarget(({ Records }) => {
    const numbers = Records.map(({ n }) => String(n));
    seen.push(...numbers);
    return outcome(numbers);
  });
  const poller = new StreamPoller({
    ...{ source, checkpoints, target, mapping: 'mapping', arn: 'arn', held: new HeldBytes(), clock: Date.now },
    settings: { StartingPosition: 'TRIM_HORIZON', BatchSize: 2, ...settings },
    assertReadable: async () => undefined,
    isWanted: () => true,
    discardOf: () => async () => undefined,
    report: (result) => void results.push(result),
    notice: (message) => void results.push(message),
  });
  pollers.push(poller);
  return { seen, results, poller };
}

const numbers = (shard: string, count: number) => Array.from({ length: count }, (_, at) => `${shard}:${at + 1}`);

describe('a poller of a stream', () => {
  it('reads a shard when those that it came from are done, whatever their number', async () => {
    const source = new FakeStream();
    for (const id of ['a', 'b']) source.add(id, [], 3).isClosed = true;
    source.add('merged', ['a', 'b'], 2);
    const { seen } = poll(source);
    await expect.poll(() => seen.length, PATIENCE).toBe(8);
    expect(new Set(seen.slice(0, 6))).toEqual(new Set([...numbers('a', 3), ...numbers('b', 3)]));
    expect(seen.slice(6)).toEqual(numbers('merged', 2));
  });

  it('does not begin with a shard as long as one that it came from is not handled', async () => {
    const source = new FakeStream();
    source.add('parent', [], 1).isClosed = true;
    source.add('child', ['parent'], 1);
    const { seen } = poll(source, {}, () => FAILED);
    await expect.poll(() => seen.length, PATIENCE).toBeGreaterThan(2);
    expect(new Set(seen)).toEqual(new Set(['parent:1']));
  });

  it('goes on where it was, from process to process', async () => {
    const source = new FakeStream();
    const shard = source.add('a', [], 3);
    const first = poll(source);
    await expect.poll(() => first.seen, PATIENCE).toEqual(numbers('a', 3));
    await first.poller.stop();
    shard.records.push({ at: Date.now(), key: 'k' });
    const second = poll(source);
    await expect.poll(() => second.seen, PATIENCE).toEqual(['a:4']);
    expect(source.positions).toEqual(['a oldest', 'a after']);
  });

  it('brings what was not handled to the next process, and of what was beside it nothing again', async () => {
    const source = new FakeStream();
    source.add('a', [], 20, (at) => `key${at}`);
    const stuck = 'a:3';
    const settings = { ParallelizationFactor: 10, BatchSize: 1 };
    const first = poll(source, settings, ([number]) => (number === stuck ? FAILED : answered(null)));
    const lanes = () => checkpoints.of('mapping')[0]?.lanes?.filter(({ after }) => after !== undefined).length ?? 0;
    await expect.poll(() => first.seen.filter((each) => each === stuck).length, PATIENCE).toBeGreaterThan(2);
    await expect.poll(lanes, PATIENCE).toBeGreaterThan(1);
    await first.poller.stop();
    const handled = new Set(first.seen.filter((each) => each !== stuck));
    const second = poll(source, settings);
    await expect.poll(() => new Set([...handled, ...second.seen]).size, PATIENCE).toBe(20);
    expect(second.seen).toContain(stuck);
    expect(second.seen.filter((each) => handled.has(each))).toEqual([]);
  });

  it('begins behind the newest record, and with the oldest of a shard that comes later', async () => {
    const source = new FakeStream();
    const old = source.add('old', [], 2);
    source.add('closed', [], 2).isClosed = true;
    const { seen } = poll(source, { StartingPosition: 'LATEST' });
    await expect.poll(() => source.positions, PATIENCE).toEqual(['old newest']);
    old.records.push({ at: Date.now(), key: 'k' });
    await expect.poll(() => seen, PATIENCE).toEqual(['old:3']);
    source.add('new', ['old'], 2);
    old.isClosed = true;
    await expect.poll(() => seen, PATIENCE).toEqual(['old:3', 'new:1', 'new:2']);
  });

  it('remembers when it began behind the newest record, as long as it has seen none', async () => {
    const source = new FakeStream();
    const shard = source.add('a', [], 2);
    const first = poll(source, { StartingPosition: 'LATEST' });
    await expect.poll(() => source.positions, PATIENCE).toEqual(['a newest']);
    await first.poller.stop();
    shard.records.push({ at: Date.now() + 1_000, key: 'k' });
    const second = poll(source, { StartingPosition: 'LATEST' });
    await expect.poll(() => second.seen, PATIENCE).toContain('a:3');
    expect(source.positions).toEqual(['a newest', 'a since']);
  });

  it('begins with what arrived at a moment or later', async () => {
    const source = new FakeStream();
    const shard = source.add('a', [], 0);
    for (const at of [1_000_000, 2_000_000, 3_000_000]) shard.records.push({ at, key: 'k' });
    const { seen } = poll(source, { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 2_000 });
    await expect.poll(() => seen, PATIENCE).toEqual(['a:2', 'a:3']);
  });

  it('says that reading fails, and goes on behind what it has read', async () => {
    const source = new FakeStream();
    const shard = source.add('a', [], 2);
    const { seen, results } = poll(source);
    await expect.poll(() => seen.length, PATIENCE).toBe(2);
    source.failNext(1);
    await expect.poll(() => results, PATIENCE).toContain('PROBLEM: the iterator has expired');
    shard.records.push({ at: Date.now(), key: 'k' });
    await expect.poll(() => seen, PATIENCE).toEqual(numbers('a', 3));
  });

  it('forgets shards that are done and gone', async () => {
    const source = new FakeStream();
    source.add('a', [], 1).isClosed = true;
    const first = poll(source);
    await expect.poll(() => checkpoints.of('mapping')[0]?.isDone, PATIENCE).toBe(true);
    await first.poller.stop();
    source.all.splice(0);
    source.add('b', ['a'], 1);
    const second = poll(source);
    await expect.poll(() => second.seen, PATIENCE).toEqual(['b:1']);
    expect(checkpoints.of('mapping').map(({ shardId }) => shardId)).toEqual(['b']);
  });
});
