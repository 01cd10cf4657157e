import { describe, expect, it } from 'vitest';
import { Collection } from '../../runtime/store/collection.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';

const HERE = { accountId: '000000000000', region: 'us-east-1' };
const THERE = { ...HERE, region: 'eu-west-1' };

describe('a collection of resources', () => {
  const createStore = () => new SqliteResourceStore(openStorage(':memory:'));

  it('is in memory once it is open', async () => {
    const store = createStore();
    await store.put('counter', { ...HERE, id: 'a', resource: 1 });
    const counters = new Collection<number>(store, 'counter');
    expect(counters.isOpen).toBe(false);
    await counters.open();
    expect(counters.isOpen).toBe(true);
    expect(counters.get(HERE, 'a')).toBe(1);
    expect(counters.get(THERE, 'a')).toBeUndefined();
  });

  it('lists a scope by id', async () => {
    const counters = new Collection<number>(createStore(), 'counter');
    await counters.change(HERE, 'b', () => 2);
    await counters.change(HERE, 'a', () => 1);
    await counters.change(THERE, 'c', () => 3);
    expect(counters.list(HERE)).toEqual([1, 2]);
    expect(counters.all()).toHaveLength(3);
  });

  it('tells of a change when it can be seen, and before whoever made it', async () => {
    const seen: (number | undefined)[] = [];
    const counters = new Collection<number>(createStore(), 'counter', () => seen.push(counters.get(HERE, 'a')));
    await counters.change(HERE, 'a', () => 1);
    expect(seen).toEqual([1]);
    await counters.change(HERE, 'a', () => undefined);
    expect(seen).toEqual([1, undefined]);
  });

  it('makes changes of one resource one after another, and stores them', async () => {
    const store = createStore();
    const counters = new Collection<number>(store, 'counter');
    await Promise.all(
      Array.from({ length: 100 }, () => counters.change(HERE, 'a', (count: number | undefined) => (count ?? 0) + 1)),
    );
    expect(counters.get(HERE, 'a')).toBe(100);
    expect(await store.list('counter')).toEqual([{ ...HERE, id: 'a', resource: 100 }]);
  });

  it('changes nothing when a change throws, and goes on', async () => {
    const counters = new Collection<number>(createStore(), 'counter');
    await counters.change(HERE, 'a', () => 1);
    const refused = counters.change(HERE, 'a', () => {
      throw new Error('no');
    });
    const after = counters.change(HERE, 'a', (count: number | undefined) => (count ?? 0) + 1);
    await expect(refused).rejects.toThrow('no');
    expect(await after).toBe(2);
  });

  it('forgets what becomes undefined', async () => {
    const store = createStore();
    const counters = new Collection<number>(store, 'counter');
    await counters.change(HERE, 'a', () => 1);
    await counters.change(HERE, 'a', () => undefined);
    expect(counters.get(HERE, 'a')).toBeUndefined();
    expect(await store.list('counter')).toEqual([]);
  });

  it('keeps the old resource when the store fails', async () => {
    const storage = openStorage(':memory:');
    const counters = new Collection<number>(new SqliteResourceStore(storage), 'counter');
    await counters.change(HERE, 'a', () => 1);
    await storage.close();
    await expect(counters.change(HERE, 'a', () => 2)).rejects.toThrow();
    expect(counters.get(HERE, 'a')).toBe(1);
  });
});
