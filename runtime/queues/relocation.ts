import { randomUUID } from 'node:crypto';
import type { MessageHead, MessageStore } from '../store/message-store.ts';
import type { LiveQueue } from './live-queue.ts';
import type { Message } from './message.ts';
import { fromContent, toContent } from './message-content.ts';
import type { MessageIds } from './message-ids.ts';
import { QueueError } from './queue-error.ts';
import { isFifo, parseQueueArn, type QueueKey, type QueueRecord, toQueueArn } from './queue-record.ts';

export interface RelocationDeps {
  readonly messages: MessageStore;
  readonly ids: () => MessageIds;
  readonly clock: () => number;
  readonly open: (record: QueueRecord) => Promise<LiveQueue>;
  readonly find: (key: QueueKey) => QueueRecord | undefined;
}

/** Takes messages from one queue to another, each in a transaction: it is in one of them, whatever happens. */
export class Relocation {
  readonly #deps: RelocationDeps;

  constructor(deps: RelocationDeps) {
    this.#deps = deps;
  }

  /** What was received too often, as it is: it says where it came from. */
  async bury(source: QueueRecord, from: LiveQueue, exhausted: readonly Message[], target: QueueRecord): Promise<void> {
    const to = await this.#deps.open(target);
    const origin = toQueueArn(source);
    const moved = exhausted.map((message) => {
      const { receives, firstReceivedAt, sentAt } = message;
      return { from: message.id, to: this.#toHead(message, target, { receives, firstReceivedAt, sentAt }), origin };
    });
    await this.#deps.messages.write({ moved });
    // Some may have been deleted meanwhile.
    const arrived = moved.filter((_, at) => exhausted[at]?.state !== 'gone');
    from.moved(exhausted);
    to.takeIn(arrived.map((each) => each.to));
  }

  /**
   * At most so many of what can be received now, to a queue or, each, to where it came from: as new messages, as SQS does. Answers how
   * many. Throws a QueueError when there is no such queue, or one of the other kind.
   */
  async raise(source: QueueRecord, destination: QueueKey | undefined, most: number): Promise<number> {
    const { messages, clock } = this.#deps;
    const from = await this.#deps.open(source);
    const taken = from.takeOut(most);
    try {
      const contents = await messages.contents(taken.map(({ id }) => id));
      const moves = taken.flatMap((message) => {
        const found = contents.get(message.id);
        if (found === undefined) return [];
        const target = this.#targetOf(source, destination ?? parseQueueArn(found.origin ?? ''));
        const head = this.#toHead(message, target, { receives: 0, firstReceivedAt: 0, sentAt: clock() });
        const content = toContent({ ...fromContent(found.content), messageId: randomUUID() });
        return [{ target, added: { head, content } }];
      });
      await messages.write({ added: moves.map(({ added }) => added), removed: taken.map(({ id }) => id) });
      from.moved(taken);
      for (const { target, added } of moves) (await this.#deps.open(target)).takeIn([added.head]);
      return moves.length;
    } catch (error) {
      from.putBack(taken);
      throw error;
    }
  }

  #targetOf(source: QueueRecord, key: QueueKey | undefined): QueueRecord {
    const target = key && this.#deps.find(key);
    if (target === undefined) throw new QueueError('QueueDoesNotExist', 'There is no queue for it to go to.');
    if (isFifo(target) === isFifo(source)) return target;
    throw new QueueError('UnsupportedOperation', 'The queues must be of the same type.');
  }

  #toHead(
    { bytes, groupId }: Message,
    target: QueueRecord,
    past: Pick<MessageHead, 'receives' | 'firstReceivedAt' | 'sentAt'>,
  ): MessageHead {
    const head = { id: this.#deps.ids().next(), queueId: target.id, bytes, ...past, visibleAt: 0 };
    return groupId === undefined ? head : { ...head, groupId };
  }
}
