import { afterEach, describe, expect, it } from 'vitest';
import type { ResourceKey, ResourceStore } from '../../runtime/store/resource-store.ts';

/** An adapter under test: `reopen` closes the store and opens it again on the same data, where data outlives it. */
export interface ResourceStoreFixture {
  readonly open: () => { store: ResourceStore; reopen?: () => ResourceStore; close: () => void };
}

const KEY: ResourceKey = { accountId: '000000000000', region: 'us-east-1', id: 'r' };

/** What every ResourceStore promises. */
export function resourceStoreConformance(name: string, fixture: ResourceStoreFixture): void {
  describe(`a resource store (${name})`, () => {
    const closers: (() => void)[] = [];
    const open = () => {
      const opened = fixture.open();
      closers.push(opened.close);
      return opened;
    };
    afterEach(() => {
      for (const close of closers.splice(0)) close();
    });

    it('gives back what was put, whatever is in it', async () => {
      const { store } = open();
      const resource = { text: 'größer, "quoted" and \u{1F600}', nested: { ['__proto__']: [1, null, true] } };
      await store.put('role', { ...KEY, resource });
      expect(await store.list('role')).toEqual([{ ...KEY, resource }]);
    });

    it('lists a kind by account, region and id, and no other kind', async () => {
      const { store } = open();
      const keys = [KEY, { ...KEY, id: 'a' }, { ...KEY, region: '' }, { ...KEY, accountId: '111111111111' }];
      for (const key of keys) await store.put('role', { ...key, resource: 1 });
      await store.put('layer', { ...KEY, resource: 2 });
      const listed = (await store.list('role')).map(({ accountId, region, id }) => ({ accountId, region, id }));
      expect(listed).toEqual([keys[2], keys[1], keys[0], keys[3]]);
      expect(await store.list('layer')).toEqual([{ ...KEY, resource: 2 }]);
    });

    it('replaces what has the same key', async () => {
      const { store } = open();
      await store.put('role', { ...KEY, resource: 1 });
      await store.put('role', { ...KEY, resource: 2 });
      expect(await store.list('role')).toEqual([{ ...KEY, resource: 2 }]);
    });

    it('deletes once', async () => {
      const { store } = open();
      await store.put('role', { ...KEY, resource: 1 });
      expect(await store.delete('layer', KEY)).toBe('missing');
      expect(await store.delete('role', KEY)).toBe('deleted');
      expect(await store.delete('role', KEY)).toBe('missing');
      expect(await store.list('role')).toEqual([]);
    });

    it('keeps what it has answered, where data outlives it', async () => {
      const { store, reopen } = open();
      await store.put('role', { ...KEY, resource: 1 });
      if (reopen) expect(await reopen().list('role')).toEqual([{ ...KEY, resource: 1 }]);
    });
  });
}
