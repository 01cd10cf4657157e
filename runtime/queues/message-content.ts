import type { MessageAttributes } from './message-attributes.ts';

/** What a message says, as it is kept on disk. */
export interface MessageContentRecord {
  readonly messageId: string;
  readonly senderId: string;
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly traceHeader?: string;
}

/** Bytes are base64 in it. */
export function toContent(record: MessageContentRecord): string {
  return JSON.stringify(record, (key, value: unknown) =>
    key === 'attributes' ? toStored(value as MessageAttributes) : value,
  );
}

function toStored(attributes: MessageAttributes): unknown {
  const entries = Object.entries(attributes).map(([name, { BinaryValue: bytes, ...value }]) => [
    name,
    bytes === undefined ? value : { ...value, BinaryValue: Buffer.from(bytes).toString('base64') },
  ]);
  return Object.fromEntries(entries);
}

export function fromContent(content: string): MessageContentRecord {
  const record = JSON.parse(content) as MessageContentRecord;
  if (record.attributes === undefined) return record;
  const attributes = Object.entries(record.attributes).map(([name, value]) => {
    const { BinaryValue: bytes } = value as { readonly BinaryValue?: unknown };
    return [
      name,
      typeof bytes === 'string' ? { ...value, BinaryValue: new Uint8Array(Buffer.from(bytes, 'base64')) } : value,
    ];
  });
  return { ...record, attributes: Object.fromEntries(attributes) };
}
