import { parseJsonObject } from '../contract/json.ts';
import { invalidParameter, TopicError } from './topic-error.ts';

/** The longest message, and all of a batch together, in bytes. */
export const MESSAGE_BYTES = 262_144;

/** A value with its type: `String`, `String.Array`, `Number`, `Binary`, or one of these with a label of one's own. */
export interface MessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** A message as its publisher has it. */
export interface OutgoingMessage {
  readonly message: string;
  readonly subject?: string | undefined;
  /** `json`: the message says for each protocol what it is, and `default` for the others. */
  readonly structure?: string | undefined;
  readonly attributes?: MessageAttributes | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly traceId?: string | undefined;
}

/** A message that may be published. */
export interface PreparedMessage {
  /** By protocol, and `default`. */
  readonly texts: Readonly<Record<string, string>>;
  readonly subject: string | undefined;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly traceId: string | undefined;
}

const TYPE = /^(String|Number|Binary)(?:\..+)?$/;
const NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;
const MOST_ATTRIBUTES = 100;

/** Throws a TopicError for what the topic does not take. */
export function prepareMessage(
  outgoing: OutgoingMessage,
  topic: { readonly isFifo: boolean; readonly deduplicatesByContent: boolean },
): PreparedMessage {
  const { message, subject, structure, attributes = {}, groupId, deduplicationId, traceId } = outgoing;
  if (message === '') throw invalidParameter('Empty message');
  if (structure !== undefined && structure !== 'json') throw invalidParameter('MessageStructure');
  if (subject !== undefined && !isSubject(subject)) throw invalidParameter('Subject');
  const texts = structure === 'json' ? parseStructure(message) : { default: message };
  assertAttributes(attributes);
  if (messageLength(outgoing) > MESSAGE_BYTES) throw invalidParameter('Message too long');
  for (const [name, id] of Object.entries({ MessageGroupId: groupId, MessageDeduplicationId: deduplicationId })) {
    if (id !== undefined && !ID.test(id)) throw invalidParameter(`${name} Reason: Invalid value`);
  }
  if (topic.isFifo) {
    if (groupId === undefined) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
    if (deduplicationId === undefined && !topic.deduplicatesByContent) {
      throw invalidParameter(
        'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
    }
  } else if (deduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  return { texts, subject, attributes, groupId, deduplicationId, traceId };
}

/** What a message counts for, in bytes. */
export function messageLength({ message, attributes = {} }: OutgoingMessage): number {
  let bytes = Buffer.byteLength(message);
  for (const [name, { DataType: type = '', StringValue: text = '', BinaryValue: value }] of Object.entries(
    attributes,
  )) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + (value?.length ?? Buffer.byteLength(text));
  }
  return bytes;
}

function isSubject(subject: string): boolean {
  return subject.length <= 100 && /^[^\p{Cc}\p{Surrogate}]+$/u.test(subject);
}

function parseStructure(message: string): Readonly<Record<string, string>> {
  const value = parseJsonObject(message);
  if (value === undefined) throw invalidParameter('Message Structure - JSON message body failed to parse');
  const texts = Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : [])),
  );
  if (!Object.hasOwn(texts, 'default')) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return texts;
}

function assertAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > MOST_ATTRIBUTES) throw refused(`A message can have ${MOST_ATTRIBUTES} attributes at the most.`);
  for (const [name, { DataType: type = '', StringValue: text, BinaryValue: bytes }] of entries) {
    const shown = name.slice(0, 256);
    if (!NAME.test(name)) throw refused(`The message attribute name '${shown}' is invalid.`);
    if (type === '') {
      throw refused(`The message attribute '${shown}' must contain non-empty message attribute type.`);
    }
    const kind = type.length <= 256 ? TYPE.exec(type)?.[1] : undefined;
    if (kind === undefined) {
      throw refused(
        `The message attribute '${shown}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const isBinary = kind === 'Binary';
    if (isBinary ? !bytes?.length : !text) {
      throw refused(
        `The message attribute '${shown}' must contain non-empty message attribute value for message attribute type '${type}'.`,
      );
    }
    if (isBinary ? text !== undefined : bytes !== undefined) {
      throw refused(`The message attribute '${shown}' has multiple values.`);
    }
    if (kind === 'Number' && !isNumber(text ?? '')) {
      throw refused(`Can't cast the value of message attribute '${shown}' to a number.`);
    }
    if (type === 'String.Array' && !isArray(text ?? '')) {
      throw invalidParameter(
        `MessageAttributes Reason: The value of the attribute '${shown}' of type String.Array must be a JSON array of strings, numbers, true, false or null.`,
      );
    }
  }
}

function isNumber(text: string): boolean {
  return text.length <= 256 && text.trim() !== '' && Number.isFinite(Number(text));
}

function isArray(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => each === null || typeof each !== 'object');
  } catch {
    return false;
  }
}

function refused(message: string): TopicError {
  return new TopicError('ParameterValueInvalid', message);
}
