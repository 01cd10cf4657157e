import { describe, expect, it } from 'vitest';
import type { OutboxStore, PostedLetter } from '../../runtime/store/outbox-store.ts';
import type { OpenStore } from './open-store.ts';

function postedLetter(id: number, more: Partial<PostedLetter> = {}): PostedLetter {
  return { id, line: 'a', inOrder: false, size: 3, postedAt: 1_700_000_000_000, attempts: 0, dueAt: id, ...more };
}

const NOTHING = { added: [], progressed: [], removed: [] };
const added = (...letters: PostedLetter[]) => ({
  ...NOTHING,
  added: [{ letters: letters.map((letter) => ({ letter, content: `${letter.id}`.repeat(letter.size) })) }],
});

/** What every OutboxStore promises. */
export function outboxStoreConformance(name: string, open: OpenStore<OutboxStore>): void {
  describe(`an outbox's store (${name})`, () => {
    it('gives back what was added, in pages by id, and what is in it', async () => {
      const { store } = open();
      const letters = [postedLetter(3), postedLetter(5, { inOrder: true, attempts: 2, line: 'b c' }), postedLetter(9)];
      await store.write(added(...letters));
      expect(await store.page(0, 2)).toEqual(letters.slice(0, 2));
      expect(await store.page(5, 2)).toEqual(letters.slice(2));
      expect([await store.content(5), await store.content(6)]).toEqual(['555', undefined]);
    });

    it('sums up what it holds', async () => {
      const { store } = open();
      expect(await store.summary()).toEqual({ letters: 0, size: 0, lastId: 0 });
      await store.write(added(postedLetter(4), postedLetter(7, { size: 10 })));
      expect(await store.summary()).toEqual({ letters: 2, size: 13, lastId: 7 });
    });

    it('remembers how far letters have come, and forgets what is removed', async () => {
      const { store } = open();
      await store.write(added(postedLetter(1), postedLetter(2)));
      const progress = { id: 2, attempts: 3, dueAt: 1_800_000_000_000 };
      await store.write({ added: [], progressed: [progress, { ...progress, id: 8 }], removed: [1, 9] });
      expect(await store.page(0, 10)).toEqual([postedLetter(2, progress)]);
    });

    it('remembers marks as they were last said, also without a letter', async () => {
      const { store } = open();
      const mark = (key: string, at: number | undefined) => ({ letters: [], mark: { key, at } });
      await store.write({ ...NOTHING, added: [mark('a', 1), mark('b', 2), mark('c', 3)] });
      await store.write({
        ...NOTHING,
        added: [mark('a', 5), mark('b', undefined), mark('c', undefined), mark('c', 7)],
      });
      expect(await store.marks()).toEqual(
        new Map([
          ['a', 5],
          ['c', 7],
        ]),
      );
    });

    it('makes all of a change or nothing, marks included', async () => {
      const { store } = open();
      await store.write(added(postedLetter(1)));
      const [posting] = added(postedLetter(2), postedLetter(1)).added;
      const change = { progressed: [], removed: [1], added: [{ letters: [], ...posting, mark: { key: 'a', at: 1 } }] };
      await expect(store.write(change)).rejects.toThrow();
      expect([await store.page(0, 10), await store.marks()]).toEqual([[postedLetter(1)], new Map()]);
    });

    it('is there again when it is opened again', async ({ skip }) => {
      const { store, reopen } = open();
      if (reopen === undefined) return skip('its data ends with it');
      const [posting] = added(postedLetter(1)).added;
      await store.write({ ...NOTHING, added: [{ letters: [], ...posting, mark: { key: 'a', at: 1 } }] });
      const again = await reopen();
      expect([await again.page(0, 10), await again.marks()]).toEqual([[postedLetter(1)], new Map([['a', 1]])]);
    });
  });
}
