import { createHash, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../runtime/store/blob-store.ts';

export interface BlobStoreFixture {
  readonly open: () => {
    store: BlobStore;
    /** Another store on the same data. */
    reopen: () => BlobStore;
    /** Overwrites what is stored under a hash. */
    damage: (hash: string, bytes: Uint8Array) => void;
    close: () => void;
  };
}

export function blobStoreConformance(name: string, fixture: BlobStoreFixture): void {
  describe(`blob store: ${name}`, () => {
    let close = (): void => {};
    const open = () => {
      const opened = fixture.open();
      close = opened.close;
      return opened;
    };
    afterEach(() => close());

    const sparse = Buffer.alloc(3 * 65_536 + 5);
    sparse.write('in the middle', 65_536 + 7);
    const blobs: [string, Uint8Array][] = [
      ['no bytes', new Uint8Array()],
      ['a few', Buffer.from('hello')],
      ['random ones', randomBytes(200_001)],
      ['zeros with something between', sparse],
      ['nothing but zeros', new Uint8Array(131_072)],
      ['zeros and a last byte', Buffer.concat([new Uint8Array(65_536), Buffer.from([1])])],
      ['a view into a larger buffer', randomBytes(4_096).subarray(100, 200)],
    ];
    it.each(blobs)('gives back %s', async (_, bytes) => {
      const { store, reopen } = open();
      const hash = await store.put(bytes);
      expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
      const got = await reopen().get(hash);
      expect(Buffer.compare(got as Uint8Array, bytes)).toBe(0);
    });

    it('answers missing for what was never put, and for what is no hash', async () => {
      const { store } = open();
      expect(await store.get('0'.repeat(64))).toBe('missing');
      expect(await store.get('../isola.db')).toBe('missing');
    });

    it('notices damage, and heals when the bytes are put again', async () => {
      const { store, damage } = open();
      const hash = await store.put(Buffer.from('whole'));
      damage(hash, Buffer.from('broke'));
      expect(await store.get(hash)).toBe('corrupt');
      await store.put(Buffer.from('whole'));
      expect(Buffer.from((await store.get(hash)) as Uint8Array).toString()).toBe('whole');
    });

    it('takes the same bytes from many writers at once', async () => {
      const { store } = open();
      const hashes = await Promise.all(Array.from({ length: 20 }, () => store.put(Buffer.from('same'))));
      expect(new Set(hashes).size).toBe(1);
      expect(await store.get(hashes[0] as string)).toEqual(Buffer.from('same'));
    });

    it('retains what it is told to and removes the rest', async () => {
      const { store } = open();
      const [kept, dropped] = [await store.put(Buffer.from('kept')), await store.put(Buffer.from('dropped'))];
      expect(await store.retain(new Set([kept]), { writtenBefore: Date.now() + 1_000 })).toBe(1);
      expect(await store.get(kept)).toEqual(Buffer.from('kept'));
      expect(await store.get(dropped)).toBe('missing');
    });

    it('leaves alone what was put since, be it there before or not', async () => {
      const { store } = open();
      const old = await store.put(Buffer.from('old'));
      await setTimeout(20);
      const writtenBefore = Date.now();
      await setTimeout(20);
      const [again, fresh] = [await store.put(Buffer.from('old')), await store.put(Buffer.from('new'))];
      expect(again).toBe(old);
      expect(await store.retain(new Set(), { writtenBefore })).toBe(0);
      expect([await store.get(old), await store.get(fresh)].map(String)).toEqual(['old', 'new']);
    });
  });
}
