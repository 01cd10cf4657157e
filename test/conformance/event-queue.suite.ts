import { describe, expect, it } from 'vitest';
import type { EventQueue, QueuedEvent } from '../../runtime/store/event-queue.ts';
import type { OpenStore } from './open-store.ts';

export function queuedEvent(id: number, more: Partial<QueuedEvent> = {}): QueuedEvent {
  return {
    id,
    requestId: `request-${id}`,
    scope: { region: 'us-east-1', accountId: '000000000000' },
    functionName: 'f',
    receivedAt: 1_700_000_000_000 + id,
    traceId: 'Root=1-0-0',
    bytes: 3,
    failures: 0,
    throttles: 0,
    dueAt: 1_700_000_000_000 + id,
    ...more,
  };
}

const NOTHING = { added: [], progressed: [], removed: [] };
const added = (...events: QueuedEvent[]) => ({
  ...NOTHING,
  added: events.map((queued) => ({ queued, event: new Uint8Array(queued.bytes).fill(queued.id) })),
});

/** What every EventQueue promises. */
export function eventQueueConformance(name: string, open: OpenStore<EventQueue>): void {
  describe(`an event queue (${name})`, () => {
    it('gives back what was added, in pages by id, and what is in it', async () => {
      const { store } = open();
      const events = [queuedEvent(3), queuedEvent(5, { qualifier: 'live', failures: 1 }), queuedEvent(9)];
      await store.write(added(...events));
      expect(await store.page(0, 2)).toEqual(events.slice(0, 2));
      expect(await store.page(5, 2)).toEqual(events.slice(2));
      expect(await store.page(9, 2)).toEqual([]);
      expect([...((await store.event(5)) ?? [])]).toEqual([5, 5, 5]);
    });

    it.each(['{"größer":"\u{1F600}"}', '\ufeff{}', '\0null\0', '{"a":1}   '])('keeps %j to the byte', async (text) => {
      const { store } = open();
      const event = new TextEncoder().encode(text);
      await store.write({ ...NOTHING, added: [{ queued: queuedEvent(1, { bytes: event.byteLength }), event }] });
      expect([...((await store.event(1)) ?? [])]).toEqual([...event]);
      expect(await store.summary()).toMatchObject({ bytes: event.byteLength });
    });

    it('keeps an empty event and any bytes', async () => {
      const { store } = open();
      const event = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const both = [
        { queued: queuedEvent(1, { bytes: 0 }), event: new Uint8Array() },
        { queued: queuedEvent(2, { bytes: 256 }), event },
      ];
      await store.write({ ...NOTHING, added: both });
      expect([...((await store.event(1)) ?? [0])]).toEqual([]);
      expect([...((await store.event(2)) ?? [])]).toEqual([...event]);
    });

    it('sums up what it holds', async () => {
      const { store } = open();
      expect(await store.summary()).toEqual({ events: 0, bytes: 0, lastId: 0 });
      await store.write(added(queuedEvent(4), queuedEvent(7, { bytes: 10 })));
      expect(await store.summary()).toEqual({ events: 2, bytes: 13, lastId: 7 });
    });

    it('remembers how far events have come, and forgets what is removed', async () => {
      const { store } = open();
      await store.write(added(queuedEvent(1), queuedEvent(2)));
      const progress = { id: 2, failures: 1, throttles: 3, dueAt: 1_800_000_000_000 };
      await store.write({ added: [], progressed: [progress, { ...progress, id: 8 }], removed: [1, 9] });
      expect(await store.page(0, 10)).toEqual([queuedEvent(2, progress)]);
      expect(await store.event(1)).toBeUndefined();
    });

    it('makes all of a change or nothing', async () => {
      const { store } = open();
      await store.write(added(queuedEvent(1)));
      await expect(store.write({ ...added(queuedEvent(2), queuedEvent(1)), removed: [1] })).rejects.toThrow();
      expect(await store.page(0, 10)).toEqual([queuedEvent(1)]);
    });

    it('is there again when it is opened again', async ({ skip }) => {
      const { store, reopen } = open();
      if (reopen === undefined) return skip('its data ends with it');
      await store.write(added(queuedEvent(1)));
      expect(await (await reopen()).page(0, 10)).toEqual([queuedEvent(1)]);
    });
  });
}
