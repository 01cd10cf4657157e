import { describe, expect, it } from 'vitest';
import { KV_ENTRY_BYTES } from '../../runtime/contract/limits.ts';
import type { KvChange, KvLimits, KvNamespace, KvStore } from '../../runtime/store/kv-store.ts';
import type { OpenStore } from './open-store.ts';

const AT: KvNamespace = { accountId: '000000000000', region: 'us-east-1', namespace: 'n' };
const ROOMY: KvLimits = { namespaceBytes: 10_000_000, accountBytes: 20_000_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const put = (key: string, value = key, more: { at?: KvNamespace; ifVersion?: number } = {}): KvChange => ({
  ...{ kind: 'put', at: AT, key, value: bytes(value) },
  ...more,
});
const remove = (key: string, more: { ifVersion?: number } = {}): KvChange => ({ kind: 'delete', at: AT, key, ...more });
const all = { prefix: '', after: '', limit: 1_000 };

/** What every KvStore promises. */
export function kvStoreConformance(name: string, openStore: OpenStore<KvStore, [KvLimits]>): void {
  describe(`a key-value store (${name})`, () => {
    const open = (limits = ROOMY) => openStore(limits);
    const textOf = async (store: KvStore, key: string, at = AT) => {
      const entry = await store.get(at, key);
      return entry && Buffer.from(entry.value).toString();
    };
    const keysOf = async (store: KvStore, range = all, at = AT) => (await store.list(at, range)).map(({ key }) => key);

    it('gives back what was put, whatever is in keys and values', async () => {
      const { store } = open();
      const keys = ['a', 'größe', 'a\0b', '\u{10FFFF}', '%_*', '\u{7f}'];
      const value = new Uint8Array(Array.from({ length: 256 }, (_, index) => index));
      await store.apply(keys.map((key) => ({ kind: 'put', at: AT, key, value })));
      for (const key of keys) expect(new Uint8Array((await store.get(AT, key))?.value ?? [])).toEqual(value);
      await store.apply([put('empty', '')]);
      expect((await store.get(AT, 'empty'))?.value.byteLength).toBe(0);
      expect(await store.get(AT, 'absent')).toBeUndefined();
    });

    it('keeps namespaces, accounts and regions apart', async () => {
      const { store } = open();
      const others = [
        { ...AT, namespace: 'm' },
        { ...AT, region: 'eu-west-1' },
        { ...AT, accountId: '111111111111' },
      ];
      await store.apply([put('k', 'mine'), ...others.map((at, index) => put('k', `${index}`, { at }))]);
      expect(await textOf(store, 'k')).toBe('mine');
      for (const [index, at] of others.entries()) expect(await textOf(store, 'k', at)).toBe(`${index}`);
      await store.apply([remove('k')]);
      for (const at of others) expect(await keysOf(store, all, at)).toEqual(['k']);
    });

    it('never gives a key the same version twice', async () => {
      const { store } = open();
      const versions: number[] = [];
      for (const change of [put('k'), put('k'), remove('k'), put('k')]) {
        const [changed] = await store.apply([change]);
        if (changed?.kind === 'changed' && changed.version > 0) versions.push(changed.version);
      }
      expect(new Set(versions).size).toBe(3);
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
      expect((await store.get(AT, 'k'))?.version).toBe(versions.at(-1));
    });

    it('changes only the version that was expected', async () => {
      const { store } = open();
      const [first] = await store.apply([put('k', 'one', { ifVersion: 0 })]);
      const version = first?.kind === 'changed' ? first.version : Number.NaN;
      const conflict = { kind: 'conflict', version };
      expect(await store.apply([put('k', 'two', { ifVersion: 0 })])).toEqual([conflict]);
      expect(await store.apply([put('k', 'two', { ifVersion: version + 1 })])).toEqual([conflict]);
      expect(await store.apply([remove('k', { ifVersion: version + 1 })])).toEqual([conflict]);
      expect(await textOf(store, 'k')).toBe('one');
      expect(await store.apply([put('k', 'two', { ifVersion: version })])).toMatchObject([
        { kind: 'changed', existed: true },
      ]);
      expect(await store.apply([remove('absent', { ifVersion: 1 })])).toEqual([{ kind: 'conflict', version: 0 }]);
      expect(await store.apply([remove('absent')])).toEqual([{ kind: 'changed', version: 0, existed: false }]);
    });

    it('makes changes in their order, and answers each for itself', async () => {
      const { store } = open();
      const changed = await store.apply([
        put('k', 'one'),
        put('k', 'two', { ifVersion: 0 }),
        put('k', 'three'),
        put('l'),
      ]);
      expect(changed.map(({ kind }) => kind)).toEqual(['changed', 'conflict', 'changed', 'changed']);
      expect(await textOf(store, 'k')).toBe('three');
      expect(await textOf(store, 'l')).toBe('l');
    });

    it('lists by prefix and in pages, ordered by bytes, with versions and sizes', async () => {
      const { store } = open();
      const keys = ['a/1', 'a/2', 'a/3', 'a', 'b', 'é', '\u{10FFFF}', '\u{10FFFF}z', 'a/\u{10FFFF}'];
      await store.apply(keys.map((key) => put(key, 'value')));
      const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await keysOf(store)).toEqual(sorted);
      expect(await keysOf(store, { ...all, prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/3', 'a/\u{10FFFF}']);
      expect(await keysOf(store, { ...all, prefix: '\u{10FFFF}' })).toEqual(['\u{10FFFF}', '\u{10FFFF}z']);
      expect(await keysOf(store, { prefix: 'a/', after: '', limit: 2 })).toEqual(['a/1', 'a/2']);
      expect(await keysOf(store, { prefix: 'a/', after: 'a/2', limit: 2 })).toEqual(['a/3', 'a/\u{10FFFF}']);
      expect(await keysOf(store, { prefix: 'b', after: 'a', limit: 9 })).toEqual(['b']);
      expect(await keysOf(store, { prefix: 'a/', after: 'b', limit: 9 })).toEqual([]);
      expect(await keysOf(store, { ...all, prefix: 'a%' })).toEqual([]);
      const [entry] = await store.list(AT, { ...all, prefix: 'b' });
      expect(entry).toEqual({ key: 'b', version: (await store.get(AT, 'b'))?.version, bytes: 5 });
    });

    it('takes no more than fits into a namespace, and into an account and region', async () => {
      const entry = KV_ENTRY_BYTES + 1 + 100;
      const { store } = open({ namespaceBytes: 2 * entry, accountBytes: 3 * entry });
      const value = 'x'.repeat(100);
      const other = { ...AT, namespace: 'other' };
      const third = await store.apply([put('a', value), put('b', value), put('c', value)]);
      expect(third.at(-1)).toEqual({ kind: 'full', limit: 'namespace' });
      expect(await store.apply([put('a', value)])).toMatchObject([{ kind: 'changed' }]);
      expect(await store.apply([put('a', `${value}x`)])).toEqual([{ kind: 'full', limit: 'namespace' }]);
      const more = await store.apply([put('a', value, { at: other }), put('b', value, { at: other })]);
      expect(more.map(({ kind }) => kind)).toEqual(['changed', 'full']);
      expect(more.at(-1)).toEqual({ kind: 'full', limit: 'account' });
      expect(await store.apply([put('a', value, { at: { ...AT, region: 'r' } })])).toMatchObject([{ kind: 'changed' }]);
      await store.apply([remove('a')]);
      expect(await store.apply([put('c', value)])).toMatchObject([{ kind: 'changed' }]);
    });

    it('finds everything after it was closed and opened again', async ({ skip }) => {
      const { store, reopen } = open();
      if (!reopen) return skip('it keeps nothing beyond its life');
      await store.apply([put('k', 'kept'), put('l'), remove('l')]);
      const again = await reopen();
      expect(await textOf(again, 'k')).toBe('kept');
      expect(await keysOf(again)).toEqual(['k']);
      const [changed] = await again.apply([put('l')]);
      expect(changed).toMatchObject({ version: 4 });
    });
  });
}
