import { createHash } from 'node:crypto';
import { QueueError } from './queue-error.ts';

/** A value with its type: `String`, `Number` or `Binary`, perhaps with a label behind a dot. */
export interface MessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MOST_ATTRIBUTES = 10;
const NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const TYPE = /^(String|Number|Binary)(?:\..+)?$/;

/** Throws an InvalidParameterValue for attributes that no message may have. */
export function assertAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > MOST_ATTRIBUTES) {
    throw refused(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`);
  }
  for (const [name, { DataType: type = '', StringValue: text, BinaryValue: bytes }] of entries) {
    const shown = name.slice(0, 256);
    if (!NAME.test(name)) throw refused(`The message attribute name '${shown}' is invalid.`);
    const kind = type.length <= 256 ? TYPE.exec(type)?.[1] : undefined;
    if (kind === undefined) {
      throw refused(
        `The message attribute '${shown}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const isEmpty = kind === 'Binary' ? !bytes?.length : !text;
    if (isEmpty) {
      throw refused(
        `The message attribute '${shown}' must contain non-empty message attribute value for message attribute type '${kind}'.`,
      );
    }
    if (kind === 'Binary' ? text !== undefined : bytes !== undefined) {
      throw refused(`The message attribute '${shown}' has multiple values.`);
    }
    if (kind === 'Number' && !isNumber(text ?? '')) {
      throw refused(`Can't cast the value of message (user) attribute '${shown}' to a number.`);
    }
    if (text !== undefined && !isSayable(text)) throw unsayable();
  }
}

/** What attributes count for in the length of a message, in bytes. */
export function attributesLength(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { DataType: type = '', StringValue: text = '', BinaryValue: value }] of Object.entries(
    attributes,
  )) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + (value?.length ?? Buffer.byteLength(text));
  }
  return bytes;
}

/** The digest that clients check: of names, types and values, each behind its length, by name. Undefined without attributes. */
export function attributesMd5(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (part: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  };
  for (const name of names) {
    const { DataType: type = '', StringValue: text = '', BinaryValue: bytes } = attributes[name] as MessageAttribute;
    add(Buffer.from(name));
    add(Buffer.from(type));
    hash.update(Buffer.from([bytes === undefined ? 1 : 2]));
    add(bytes ?? Buffer.from(text));
  }
  return hash.digest('hex');
}

/** Those that are asked for: by name, all of them by `All` or `.*`, or by what their names begin with, `a.*`. */
export function selectAttributes(attributes: MessageAttributes, names: readonly string[]): MessageAttributes {
  const isAsked = (name: string): boolean =>
    names.some((each) => (each.endsWith('.*') ? name.startsWith(each.slice(0, -2)) : each === name || each === 'All'));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isAsked(name)));
}

/** True of text that XML can say, which is what messages may hold. */
export function isSayable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text) && !/\p{Surrogate}/u.test(text);
}

export function unsayable(): QueueError {
  return new QueueError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
  );
}

function isNumber(text: string): boolean {
  return text.length <= 256 && text.trim() !== '' && Number.isFinite(Number(text));
}

function refused(message: string): QueueError {
  return new QueueError('InvalidParameterValue', message);
}
