import { describe, expect, it } from 'vitest';
import type { ResourceKey, ResourceStore } from '../../runtime/store/resource-store.ts';
import type { OpenStore } from './open-store.ts';

const KEY: ResourceKey = { accountId: '000000000000', region: 'us-east-1', id: 'r' };

/** What every ResourceStore promises. */
export function resourceStoreConformance(name: string, open: OpenStore<ResourceStore>): void {
  describe(`a resource store (${name})`, () => {
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
      if (reopen) expect(await (await reopen()).list('role')).toEqual([{ ...KEY, resource: 1 }]);
    });
  });
}
