import { createHash, randomUUID } from 'node:crypto';
import {
  assertAttributes,
  attributesLength,
  isSayable,
  type MessageAttributes,
  unsayable,
} from './message-attributes.ts';
import { type MessageContentRecord, toContent } from './message-content.ts';
import { invalidParameter, missingParameter, QueueError } from './queue-error.ts';
import type { QueueSettings } from './queue-settings.ts';

/** A message as its sender has it. */
export interface OutgoingMessage {
  readonly body: string;
  readonly attributes?: MessageAttributes | undefined;
  /** Seconds; the queue's own when absent. */
  readonly delaySeconds?: number | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** X-Ray's. */
  readonly traceHeader?: string | undefined;
}

/** A message that may be sent. */
export interface PreparedMessage {
  readonly messageId: string;
  readonly content: string;
  /** What it counts for. */
  readonly bytes: number;
  readonly delayMs: number;
  /** FIFO only. */
  readonly groupId: string | undefined;
  /** FIFO only: what makes another one the same. */
  readonly deduplicationKey: string | undefined;
}

const MOST_DELAY_SECONDS = 900;
const ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/** Throws a QueueError for what this queue does not take. */
export function prepareMessage(message: OutgoingMessage, settings: QueueSettings, senderId: string): PreparedMessage {
  const { body, attributes = {}, groupId, deduplicationId, traceHeader } = message;
  if (body === '') throw missingParameter('MessageBody');
  if (!isSayable(body)) throw unsayable();
  assertAttributes(attributes);
  const bytes = messageLength(message);
  if (bytes > settings.mostBytes) {
    throw new QueueError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.mostBytes} bytes.`,
    );
  }
  assertId('MessageGroupId', groupId);
  assertId('MessageDeduplicationId', deduplicationId);
  const record: MessageContentRecord = {
    ...{ messageId: randomUUID(), senderId, body },
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  };
  const { delayMs, ...fifo } = settings.isFifo ? toFifo(message, settings) : toStandard(message, settings);
  const content = toContent({
    ...record,
    ...(fifo.deduplicationId === undefined ? {} : { deduplicationId: fifo.deduplicationId }),
  });
  return {
    ...{ messageId: record.messageId, content, bytes, delayMs },
    ...{ groupId: fifo.groupId, deduplicationKey: fifo.deduplicationKey },
  };
}

/** What a message counts for: its body, and its attributes with their names and types. */
export function messageLength({ body, attributes = {} }: OutgoingMessage): number {
  return Buffer.byteLength(body) + attributesLength(attributes);
}

interface ByKind {
  readonly delayMs: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly deduplicationKey?: string;
}

function toStandard({ delaySeconds: delay, deduplicationId }: OutgoingMessage, settings: QueueSettings): ByKind {
  if (deduplicationId !== undefined) throw notOfThisType(deduplicationId, 'MessageDeduplicationId');
  if (delay === undefined) return { delayMs: settings.delayMs };
  if (delay < 0 || delay > MOST_DELAY_SECONDS) {
    throw invalidParameter(delay, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${MOST_DELAY_SECONDS}.`);
  }
  return { delayMs: delay * 1000 };
}

function toFifo(message: OutgoingMessage, settings: QueueSettings): ByKind {
  const { body, delaySeconds, groupId } = message;
  if (groupId === undefined) throw missingParameter('MessageGroupId');
  if (delaySeconds) throw notOfThisType(delaySeconds, 'DelaySeconds');
  const byContent = (): string | undefined =>
    settings.deduplicatesByContent ? createHash('sha256').update(body).digest('hex') : undefined;
  const deduplicationId = message.deduplicationId ?? byContent();
  if (deduplicationId === undefined) {
    throw new QueueError(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  const deduplicationKey = settings.deduplicatesInGroup ? `${groupId}\n${deduplicationId}` : deduplicationId;
  return { delayMs: settings.delayMs, groupId, deduplicationId, deduplicationKey };
}

function assertId(name: string, id: string | undefined): void {
  if (id === undefined || ID.test(id)) return;
  throw invalidParameter(
    id,
    name,
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function notOfThisType(value: string | number, name: string): QueueError {
  return invalidParameter(value, name, 'The request include parameter that is not valid for this queue type.');
}
