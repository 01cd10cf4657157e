import { CliError } from './failure.ts';

/** A message of an event stream. */
export interface StreamEvent {
  /** `:event-type`; empty when the message is no event. */
  readonly type: string;
  readonly payload: Uint8Array;
}

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** Type byte of a header whose value is text, the only type that a service's events have. */
const TEXT = 7;

/** Reads `application/vnd.amazon.eventstream`, message by message. TCP has checked the bytes, so their checksums are not. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    waiting = waiting.length === 0 ? Buffer.from(chunk) : Buffer.concat([waiting, chunk]);
    while (waiting.length >= PRELUDE_BYTES && waiting.length >= waiting.readUInt32BE(0)) {
      const length = waiting.readUInt32BE(0);
      yield toStreamEvent(waiting.subarray(0, length));
      waiting = waiting.subarray(length);
    }
  }
}

function toStreamEvent(message: Buffer): StreamEvent {
  const payloadAt = PRELUDE_BYTES + (message.length < PRELUDE_BYTES ? 0 : message.readUInt32BE(4));
  const end = message.length - CHECKSUM_BYTES;
  if (payloadAt > end) throw new CliError('The answer is no event stream: is it Isola?');
  const headers = parseHeaders(message.subarray(PRELUDE_BYTES, payloadAt));
  return { type: headers.get(':event-type') ?? '', payload: message.subarray(payloadAt, end) };
}

function parseHeaders(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + (bytes[at] as number);
    if (bytes[nameEnd] !== TEXT) break;
    const valueAt = nameEnd + 3;
    const valueEnd = valueAt + bytes.readUInt16BE(nameEnd + 1);
    headers.set(bytes.toString('utf8', at + 1, nameEnd), bytes.toString('utf8', valueAt, valueEnd));
    at = valueEnd;
  }
  return headers;
}
