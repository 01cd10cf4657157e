import { createHash } from 'node:crypto';
import type { MessageContent } from '../store/message-store.ts';
import type { Message } from './message.ts';
import type { MessageAttributes } from './message-attributes.ts';
import { fromContent } from './message-content.ts';
import { toSequenceNumber } from './message-ids.ts';
import { toReceiptHandle } from './receipt-handle.ts';

/** A message as its receiver has it. Times are epoch milliseconds. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: MessageAttributes;
  readonly senderId: string;
  readonly sentAt: number;
  readonly receives: number;
  readonly firstReceivedAt: number;
  readonly groupId: string | undefined;
  /** FIFO only, as the next. */
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly traceHeader: string | undefined;
  /** ARN of the queue whose dead letter it is. */
  readonly deadLetterSource: string | undefined;
}

export function toReceivedMessage(
  message: Pick<Message, 'id' | 'sentAt' | 'receives' | 'firstReceivedAt'>,
  { content, origin }: MessageContent,
  { queueId, isFifo }: { readonly queueId: string; readonly isFifo: boolean },
): ReceivedMessage {
  const { id, sentAt, receives, firstReceivedAt } = message;
  const { messageId, senderId, body, attributes = {}, groupId, deduplicationId, traceHeader } = fromContent(content);
  return {
    ...{ messageId, senderId, body, attributes, groupId, deduplicationId, traceHeader },
    ...{ sentAt, receives, firstReceivedAt, deadLetterSource: origin },
    receiptHandle: toReceiptHandle({ queueId, id, receives }),
    bodyMd5: md5(body),
    sequenceNumber: isFifo ? toSequenceNumber(id) : undefined,
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
