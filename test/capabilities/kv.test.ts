import { describe, expect, it, onTestFinished } from 'vitest';
import { createKv, type Grants } from '../../runtime/capabilities/index.ts';
import { KV_LIST_KEYS, KV_VALUE_BYTES } from '../../runtime/contract/limits.ts';
import type { KvStore } from '../../runtime/store/kv-store.ts';
import { SqliteKvStore } from '../../runtime/store/sqlite/sqlite-kv-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { callerOf, grantsOf } from './fixture.ts';

function openStore(): KvStore {
  const storage = openStorage(':memory:');
  onTestFinished(() => void storage.close());
  return new SqliteKvStore(storage, { namespaceBytes: 1_000_000, accountBytes: 2_000_000 });
}
const ALL = grantsOf('isola:Kv*');
const open = (grants: Grants = ALL, store = openStore()) => callerOf(createKv(store, grants));
const denied = { error: { type: 'AccessDenied' } };
const invalid = { error: { type: 'InvalidRequest' } };

describe('kv', () => {
  it('keeps a value, and answers version 0 for a key that is not there', async () => {
    const call = open();
    expect(await call({ op: 'kv.get', key: 'k' })).toEqual({ head: { version: 0 }, text: '' });
    expect((await call({ op: 'kv.put', key: 'k' }, { body: 'größe' })).head).toEqual({
      done: true,
      version: 1,
      existed: false,
    });
    expect(await call({ op: 'kv.get', key: 'k' })).toEqual({ head: { version: 1 }, text: 'größe' });
    expect((await call({ op: 'kv.delete', key: 'k' })).head).toEqual({ done: true, version: 0, existed: true });
  });

  it('compares and sets: 100 increments that all read first add up to 100', async () => {
    const call = open();
    const increment = async (): Promise<void> => {
      const { head, text } = await call({ op: 'kv.get', key: 'count' });
      const put = { op: 'kv.put', key: 'count', ifVersion: head.version };
      const answer = await call(put, { body: String(Number(text) + 1) });
      if (!answer.head.done) await increment();
    };
    await Promise.all(Array.from({ length: 100 }, increment));
    expect((await call({ op: 'kv.get', key: 'count' })).text).toBe('100');
  });

  it('writes changes that come together in one transaction', async () => {
    const store = openStore();
    const groups: number[] = [];
    const watched: KvStore = {
      get: (at, key) => store.get(at, key),
      list: (at, range) => store.list(at, range),
      apply(changes) {
        groups.push(changes.length);
        return store.apply(changes);
      },
    };
    const call = open(ALL, watched);
    await Promise.all(Array.from({ length: 100 }, (_, index) => call({ op: 'kv.put', key: `${index}` })));
    expect(groups).toEqual([64, 36]);
    const large = { body: new Uint8Array(KV_VALUE_BYTES) };
    await Promise.all(Array.from({ length: 4 }, () => call({ op: 'kv.put', key: 'large' }, large)));
    expect(groups.slice(2)).toEqual([3, 1]);
  });

  it('writes a change of each function in turn, and lets only so many of one wait', async () => {
    const store = openStore();
    const written: string[] = [];
    const watched: KvStore = {
      get: (at, key) => store.get(at, key),
      list: (at, range) => store.list(at, range),
      apply(changes) {
        written.push(...changes.map(({ at }) => at.namespace));
        return store.apply(changes);
      },
    };
    const call = open(ALL, watched);
    const put = (name: string) => {
      const target = { arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, name };
      return call({ op: 'kv.put', key: 'k' }, { target });
    };
    const flood = Array.from({ length: 200 }, () => put('flood'));
    const others = ['a', 'b'].map(put);
    const answers = await Promise.all(flood);
    expect(answers.filter(({ head }) => head.done)).toHaveLength(128);
    expect(answers.at(-1)?.head).toMatchObject({ error: { type: 'TooManyWaiting' } });
    for (const { head } of await Promise.all(others)) expect(head).toMatchObject({ done: true });
    expect(written.slice(0, 4)).toEqual(['flood', 'a', 'b', 'flood']);
    expect((await put('flood')).head).toMatchObject({ done: true });
  });

  it('lists in pages', async () => {
    const call = open();
    for (const key of ['a/1', 'a/2', 'a/3', 'b']) await call({ op: 'kv.put', key });
    const first = await call({ op: 'kv.list', prefix: 'a/', limit: 2 });
    expect(first.head).toMatchObject({ keys: [{ key: 'a/1', version: 1, bytes: 0 }, { key: 'a/2' }], next: 'a/2' });
    const second = await call({ op: 'kv.list', prefix: 'a/', limit: 2, after: 'a/2' });
    expect(second.head).toEqual({ keys: [{ key: 'a/3', version: 3, bytes: 0 }] });
  });

  it('does nothing without a grant for exactly this', async () => {
    const store = openStore();
    const arn = (path: string) => `arn:isola:kv:us-east-1:000000000000:${path}`;
    const call = open(
      grantsOf(`isola:KvGet ${arn('f/k')}`, `isola:KvPut ${arn('f/*')}`, `isola:KvList ${arn('f/a*')}`),
      store,
    );
    expect((await call({ op: 'kv.put', key: 'k' }, { body: 'v' })).head).toMatchObject({ done: true });
    expect((await call({ op: 'kv.get', key: 'k' })).text).toBe('v');
    expect((await call({ op: 'kv.list', prefix: 'ab' })).head).toEqual({ keys: [] });
    for (const head of [
      { op: 'kv.get', key: 'l' },
      { op: 'kv.delete', key: 'k' },
      { op: 'kv.list' },
      { op: 'kv.list', prefix: 'k' },
      { op: 'kv.get', key: 'k', namespace: 'other' },
    ]) {
      expect((await call(head)).head).toMatchObject(denied);
    }
    const elsewhere = { target: { arn: 'arn:aws:lambda:eu-west-1:000000000000:function:f' } };
    expect((await call({ op: 'kv.get', key: 'k' }, elsewhere)).head).toMatchObject(denied);
    const granted = open(ALL, store);
    expect((await granted({ op: 'kv.get', key: 'k' }, elsewhere)).head).toEqual({ version: 0 });
    expect((await granted({ op: 'kv.get', key: 'k', namespace: 'f' }, { target: { name: 'g' } })).text).toBe('v');
  });

  it('says what is wrong with a call', async () => {
    const call = open();
    for (const head of [
      ...['', '[]', 'null', '"x"', '{', `${'['.repeat(60_000)}`, '{"op":"kv.get","key":"\\ud800"}'],
      ...[{}, { op: 1 }, { op: 'nothing' }, { op: 'toString' }, { op: '__proto__' }],
      ...[
        { op: 'kv.get' },
        { op: 'kv.get', key: '' },
        { op: 'kv.get', key: 7 },
        { op: 'kv.get', key: 'ä'.repeat(257) },
      ],
      ...[
        { op: 'kv.get', key: 'k', namespace: 'a/b' },
        { op: 'kv.get', key: 'k', namespace: '' },
      ],
      ...[
        { op: 'kv.put', key: 'k', ifVersion: -1 },
        { op: 'kv.put', key: 'k', ifVersion: 0.5 },
      ],
      ...[
        { op: 'kv.list', limit: 0 },
        { op: 'kv.list', limit: KV_LIST_KEYS + 1 },
        { op: 'kv.list', prefix: 1 },
      ],
    ]) {
      expect((await call(head)).head, JSON.stringify(head).slice(0, 80)).toMatchObject(invalid);
    }
    const large = { body: new Uint8Array(KV_VALUE_BYTES + 1) };
    expect((await call({ op: 'kv.put', key: 'k' }, large)).head).toMatchObject(invalid);
  });

  it('says when nothing more fits', async () => {
    const call = open();
    const body = new Uint8Array(KV_VALUE_BYTES);
    expect((await call({ op: 'kv.put', key: 'a' }, { body })).head).toMatchObject({ done: true });
    expect((await call({ op: 'kv.put', key: 'b' }, { body })).head).toMatchObject({ done: true });
    expect((await call({ op: 'kv.put', key: 'c' }, { body })).head).toMatchObject({ error: { type: 'LimitExceeded' } });
  });
});
