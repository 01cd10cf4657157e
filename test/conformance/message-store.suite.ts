import { describe, expect, it } from 'vitest';
import type { MessageHead, MessageStore } from '../../runtime/store/message-store.ts';
import type { OpenStore } from './open-store.ts';

const head = (id: number, more: Partial<MessageHead> = {}): MessageHead => ({
  ...{ id, queueId: 'q', bytes: 10, sentAt: 1_700_000_000_000, receives: 0, firstReceivedAt: 0, visibleAt: 0 },
  ...more,
});
const message = (id: number, more: Partial<MessageHead> = {}) => ({ head: head(id, more), content: `content ${id} ü` });
const idsOf = (heads: readonly MessageHead[]) => heads.map(({ id }) => id);

/** What every MessageStore promises. */
export function messageStoreConformance(name: string, open: OpenStore<MessageStore>): void {
  describe(`a message store (${name})`, () => {
    it('keeps heads and contents as they were written', async () => {
      const { store } = open();
      const received = { groupId: 'g', receives: 2, firstReceivedAt: 5, visibleAt: 1_700_000_000_123 };
      await store.write({ added: [message(1), message(2, received)] });
      expect(await store.page('q', 0, 10)).toEqual([head(1), head(2, received)]);
      expect(await store.contents([2, 7])).toEqual(new Map([[2, { content: 'content 2 ü', origin: undefined }]]));
    });

    it('pages through one queue by id', async () => {
      const { store } = open();
      await store.write({ added: [message(3), message(1), message(2, { queueId: 'other' }), message(4)] });
      expect(idsOf(await store.page('q', 0, 2))).toEqual([1, 3]);
      expect(idsOf(await store.page('q', 3, 2))).toEqual([4]);
    });

    it('changes what is known of a message, and removes messages', async () => {
      const { store } = open();
      await store.write({ added: [message(1), message(2)] });
      const progress = { id: 1, receives: 1, firstReceivedAt: 7, visibleAt: 9 };
      await store.write({ progressed: [progress, { ...progress, id: 8 }], removed: [2, 9] });
      expect(await store.page('q', 0, 10)).toEqual([head(1, progress)]);
    });

    it('moves a message to another queue, with what there is to say of it', async () => {
      const { store } = open();
      await store.write({ added: [message(1)] });
      const to = head(5, { queueId: 'dead', receives: 3 });
      await store.write({ moved: [{ from: 1, to, origin: 'from q' }] });
      expect([await store.page('q', 0, 10), await store.page('dead', 0, 10)]).toEqual([[], [to]]);
      expect(await store.contents([5])).toEqual(new Map([[5, { content: 'content 1 ü', origin: 'from q' }]]));
    });

    it('purges a queue up to an id, and drops all that there is of one', async () => {
      const { store } = open();
      await store.write({ added: [message(1), message(2), message(3), message(4, { queueId: 'other' })] });
      await store.write({ purged: { queueId: 'q', through: 2 } });
      expect(idsOf(await store.page('q', 0, 10))).toEqual([3]);
      await store.write({ sent: [{ queueId: 'q', key: 'k', at: 1, id: 3, messageId: 'm' }], dropped: ['q'] });
      expect([await store.page('q', 0, 10), await store.sentSince('q', 0)]).toEqual([[], []]);
      expect(idsOf(await store.page('other', 0, 10))).toEqual([4]);
    });

    it('remembers what was sent, the last time it was, until it is to be forgotten', async () => {
      const { store } = open();
      const sent = (key: string, at: number) => ({ queueId: 'q', key, at, id: at, messageId: `m${at}` });
      await store.write({ sent: [sent('a', 1), sent('b', 2), { ...sent('a', 3), queueId: 'other' }] });
      await store.write({ sent: [sent('a', 4)] });
      expect(await store.sentSince('q', 0)).toEqual([sent('b', 2), sent('a', 4)]);
      expect(await store.sentSince('q', 3)).toEqual([sent('a', 4)]);
      await store.write({ forgottenBefore: 4 });
      expect(await store.sentSince('q', 0)).toEqual([sent('a', 4)]);
    });

    it('sums up what there is, and knows the last id that was given though its message is gone', async () => {
      const { store, reopen } = open();
      expect(await store.summary()).toEqual({ messages: 0, bytes: 0, lastId: 0, queueIds: [] });
      await store.write({ added: [message(1), message(2, { queueId: 'other', bytes: 5 }), message(9)] });
      await store.write({ removed: [9] });
      const again = (await reopen?.()) ?? store;
      expect(await again.summary()).toEqual({ messages: 2, bytes: 15, lastId: 9, queueIds: ['other', 'q'] });
    });

    it('makes all of its changes or none', async () => {
      const { store } = open();
      await store.write({ added: [message(1)] });
      await expect(store.write({ added: [message(2), message(1)] })).rejects.toThrow();
      expect(idsOf(await store.page('q', 0, 10))).toEqual([1]);
    });
  });
}
