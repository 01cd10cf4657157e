import type { SqsMessage } from '../events/sqs.ts';
import type { QueueKey, Queues } from '../queues/index.ts';
import type { QueueSource } from '../triggers/mappings/queue-source.ts';
import { createOwnQueueSource } from './own-queue-source.ts';

/** The queue of this process by that name where there is one, else the one elsewhere, which is opened when it is needed. */
export function createNearestQueueSource(
  queues: Queues,
  key: QueueKey,
  openElsewhere: (() => Promise<QueueSource>) | undefined,
): QueueSource {
  const own = createOwnQueueSource(queues, key);
  const origins = new WeakMap<SqsMessage, QueueSource>();
  let elsewhere: Promise<QueueSource> | undefined;

  const choose = (): QueueSource | Promise<QueueSource> => {
    if (openElsewhere === undefined || queues.table.find(key) !== undefined) return own;
    elsewhere ??= openElsewhere();
    return elsewhere;
  };
  const byOrigin = async (
    messages: readonly SqsMessage[],
    act: (source: QueueSource, messages: readonly SqsMessage[]) => Promise<void>,
  ): Promise<void> => {
    const sources = new Set(messages.map((message) => origins.get(message) ?? own));
    const isFrom = (source: QueueSource) => (message: SqsMessage) => (origins.get(message) ?? own) === source;
    await Promise.all([...sources].map((source) => act(source, messages.filter(isFrom(source)))));
  };

  return {
    async receive(wish) {
      const source = await choose();
      const received = await source.receive(wish);
      if (source !== own) for (const message of received.messages) origins.set(message, source);
      return received;
    },
    delete: (messages) => byOrigin(messages, (source, some) => source.delete(some)),
    hide: (messages, milliseconds) => byOrigin(messages, (source, some) => source.hide(some, milliseconds)),
    close() {
      elsewhere?.then((source) => source.close()).catch(() => undefined);
    },
  };
}
