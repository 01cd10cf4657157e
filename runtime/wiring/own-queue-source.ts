import type { SqsMessage } from '../events/sqs.ts';
import { systemAttributesOf } from '../gateway/sqs-api/system-attributes.ts';
import { attributesMd5, type QueueKey, type Queues, type ReceivedMessage } from '../queues/index.ts';
import { settingsOf } from '../queues/queue-settings.ts';
import type { QueueSource } from '../triggers/mappings/queue-source.ts';

const systemAttributes = systemAttributesOf(['All']);

/** A queue of this process, without HTTP. */
export function createOwnQueueSource(queues: Queues, key: QueueKey): QueueSource {
  const each = async (messages: readonly SqsMessage[], act: (handle: string) => Promise<void>): Promise<void> => {
    await Promise.all(messages.map(({ receiptHandle }) => act(receiptHandle)));
  };
  return {
    async receive({ most, waitMs, signal }) {
      const { visibilityMs } = settingsOf(queues.table.get(key));
      // Messages that are never hidden would come again while they are handled.
      const hiddenMs = Math.max(1_000, visibilityMs);
      const messages = await queues.receive(key, {
        ...{ most, signal, visibilityTimeout: hiddenMs / 1_000, waitSeconds: waitMs / 1_000 },
      });
      return { messages: messages.map(toMessage), hiddenMs };
    },
    delete: (messages) => each(messages, (handle) => queues.delete(key, handle)),
    hide: (messages, milliseconds) =>
      each(messages, (handle) => queues.changeVisibility(key, handle, milliseconds / 1_000).catch(() => undefined)),
    close() {},
  };
}

function toMessage(message: ReceivedMessage): SqsMessage {
  const { messageId, receiptHandle, body, bodyMd5: md5OfBody, attributes: messageAttributes } = message;
  return {
    ...{ messageId, receiptHandle, body, md5OfBody, messageAttributes },
    attributes: systemAttributes(message),
    md5OfMessageAttributes: attributesMd5(messageAttributes),
  };
}
