import { crc32 } from 'node:zlib';

/** Type byte of a header whose value is text. */
const TEXT = 7;
/** Lengths and their checksum before the headers, and the checksum behind the payload. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/**
 * One message of `application/vnd.amazon.eventstream`; numbers are big-endian.
 *
 *     total u32 | headers u32 | CRC-32 of these | headers | payload | CRC-32 of all before
 *     a header: name length u8 | name | 7 | value length u16 | value
 */
export function toEventMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => toHeader(name, value)));
  const total = PRELUDE_BYTES + head.length + payload.byteLength + CHECKSUM_BYTES;
  const message = Buffer.allocUnsafe(total);
  message.writeUInt32BE(total, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, total - CHECKSUM_BYTES)), total - CHECKSUM_BYTES);
  return message;
}

/** An event of a response, by the name that the service model gives it. */
export function toEvent(type: string, contentType: string, payload: Uint8Array): Buffer {
  return toEventMessage({ ':event-type': type, ':content-type': contentType, ':message-type': 'event' }, payload);
}

function toHeader(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  const header = Buffer.allocUnsafe(4 + key.length + text.length);
  header.writeUInt8(key.length, 0);
  key.copy(header, 1);
  header.writeUInt8(TEXT, 1 + key.length);
  header.writeUInt16BE(text.length, 2 + key.length);
  text.copy(header, 4 + key.length);
  return header;
}
