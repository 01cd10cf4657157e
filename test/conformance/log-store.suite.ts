import { afterEach, describe, expect, it } from 'vitest';
import type { LogBlock, LogStore } from '../../runtime/store/log-store.ts';

/** An adapter under test: `reopen` closes the store and opens it again on the same data. */
export interface LogStoreFixture {
  readonly open: (
    mostBytes: number,
  ) => Promise<{ store: LogStore; reopen: () => Promise<LogStore>; close: () => Promise<void> }>;
}

const ROOMY = 100_000_000;
const block = (entries: readonly string[], at: number, stream = 's'): LogBlock => ({
  ...{ stream, entries, at },
  ...{ from: at, to: at + entries.length - 1 },
});

/** What every LogStore promises. */
export function logStoreConformance(name: string, fixture: LogStoreFixture): void {
  describe(`a store of logs (${name})`, () => {
    const closers: (() => Promise<void>)[] = [];
    const open = async (mostBytes = ROOMY) => {
      const opened = await fixture.open(mostBytes);
      closers.push(opened.close);
      return opened;
    };
    const entriesOf = async (store: LogStore, group: string) => {
      const all = [];
      for (const span of await store.spans(group)) all.push(...(await store.read(group, span)));
      return all;
    };
    const textsOf = async (store: LogStore, group = 'g') => (await entriesOf(store, group)).map(({ text }) => text);
    afterEach(async () => {
      for (const close of closers.splice(0)) await close();
    });

    it('gives back what was appended in its order, before and after it is opened again', async () => {
      const { store, reopen } = await open();
      await store.append('g', block(['["ü"]', ''], 1_000));
      await store.append('g', block(['three'], 2_000, 'other'));
      const before = await entriesOf(store, 'g');
      expect(before).toMatchObject([
        { text: '["ü"]', stream: 's', at: 1_000 },
        { text: '', stream: 's', at: 1_000 },
        { text: 'three', stream: 'other', at: 2_000 },
      ]);
      const places = before.map(({ place }) => place);
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      const again = await reopen();
      expect(await entriesOf(again, 'g')).toEqual(before);
      expect(await textsOf(again, 'unknown')).toEqual([]);
    });

    it('says of each span what times and streams are in it, and where the next one begins', async () => {
      const { store } = await open();
      expect(await store.spans('g')).toMatchObject([{ place: 0, bytes: 0 }]);
      const long = 'x'.repeat(70_000);
      await store.append('g', block([long, long], 1_000));
      await store.append('g', block(['b'], 5_000, 'other'));
      await store.append('g', block(['c'], 3_000));
      const spans = await store.spans('g');
      expect(spans).toMatchObject([
        { place: 0, from: 1_000, to: 1_001, streams: new Set(['s']) },
        { from: 3_000, to: 5_000, streams: new Set(['other', 's']) },
      ]);
      expect(spans[1]?.place).toBe(spans[0]?.bytes);
    });

    it('knows streams, made or written to, and their times', async () => {
      const { store, reopen } = await open();
      await store.createStream('g', 'empty', 500);
      await store.createStream('g', 's', 600);
      await store.append('g', block(['a', 'b'], 1_000));
      await store.append('g', block(['c'], 900));
      await store.createStream('g', 's', 2_000);
      const expected = new Map([
        ['empty', { createdAt: 500 }],
        ['s', { createdAt: 600, firstAt: 900, lastAt: 1_001, cameAt: 900 }],
      ]);
      expect(await store.streams('g')).toEqual(expected);
      expect(await (await reopen()).streams('g')).toEqual(expected);
    });

    it('hides what a stream had when it was deleted, and shows what it gets later', async () => {
      const { store, reopen } = await open();
      await store.append('g', block(['gone'], 1_000));
      await store.append('g', block(['kept'], 1_000, 'other'));
      await store.deleteStream('g', 's', 2_000);
      expect([...(await store.streams('g')).keys()]).toEqual(['other']);
      await store.append('g', block(['new'], 3_000));
      for (const each of [store, await reopen()]) {
        expect(await textsOf(each)).toEqual(['kept', 'new']);
        expect((await each.streams('g')).get('s')).toMatchObject({ createdAt: 3_000, firstAt: 3_000 });
      }
    });

    it('keeps within its bytes: the group that has most loses its oldest', async () => {
      const most = 1_600_000;
      const { store, reopen } = await open(most);
      await store.append('quiet', block(['still here'], 1_000));
      for (let turn = 0; turn < 60; turn++) await store.append('flood', block([`${turn} ${'x'.repeat(50_000)}`], turn));
      const sizes = async (each: LogStore) => (await each.bytesOf('quiet')) + (await each.bytesOf('flood'));
      const turns = (await textsOf(store, 'flood')).map((text) => Number.parseInt(text, 10));
      expect(turns).toEqual(Array.from({ length: turns.length }, (_, index) => 60 - turns.length + index));
      expect(turns.length).toBeGreaterThan(20);
      for (const each of [store, await reopen()]) {
        expect(await sizes(each)).toBeLessThanOrEqual(most);
        expect(await textsOf(each, 'quiet')).toEqual(['still here']);
      }
    });

    it('never gives a place again, also when everything went', async () => {
      const { store, reopen } = await open();
      await store.append('g', block(['a'], 1_000));
      const [first] = await entriesOf(store, 'g');
      await store.expire('g', 2_000);
      expect([await textsOf(store), [...(await store.streams('g')).keys()], await store.bytesOf('g')]).toEqual([
        [],
        [],
        0,
      ]);
      const again = await reopen();
      await again.append('g', block(['b'], 3_000));
      const [second] = await entriesOf(again, 'g');
      expect(second?.text).toBe('b');
      expect(second?.place).toBeGreaterThan(first?.place as number);
    });

    it('expires nothing that has something of later, or that has just come', async () => {
      const { store } = await open();
      await store.append('g', { ...block(['old'], 1_000), at: 9_000 });
      await store.expire('g', 5_000);
      expect(await textsOf(store)).toEqual(['old']);
    });

    it('drops groups, and all that are not to be retained', async () => {
      const { store, reopen } = await open();
      for (const group of ['a', 'b', 'c']) await store.append(group, block([group], 1_000));
      await store.drop('a');
      const again = await reopen();
      await again.retain(new Set(['c']));
      expect(await Promise.all(['a', 'b', 'c'].map((group) => textsOf(again, group)))).toEqual([[], [], ['c']]);
    });
  });
}
