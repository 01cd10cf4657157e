import type { Deliver } from '../contract/delivery.ts';
import { OUTBOX_LETTERS, OUTBOX_LETTERS_OF_ONE, OUTBOX_SIZE } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import type { OutboxStore } from '../store/outbox-store.ts';
import { Outbox } from '../triggers/outbox.ts';

export interface OutboxPartDeps {
  readonly store: OutboxStore;
  readonly deliver: Deliver;
  readonly observer: Observer;
}

/** Opens what delivers for topics and rules. */
export async function openOutbox(deps: OutboxPartDeps): Promise<Outbox> {
  const outbox = new Outbox({
    ...deps,
    clock: Date.now,
    most: { letters: OUTBOX_LETTERS, size: OUTBOX_SIZE },
    mostOfOne: OUTBOX_LETTERS_OF_ONE,
  });
  void outbox.open();
  return outbox;
}
