import { EventStreamCodec } from '@smithy/core/event-streams';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toEvent, toEventMessage } from '../../runtime/gateway/lambda-api/event-stream.ts';

/** The SDK's own reader: it checks both lengths and both checksums. */
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

function decode(message: Uint8Array): { readonly headers: Record<string, unknown>; readonly body: Uint8Array } {
  const { headers, body } = codec.decode(message);
  return { headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])), body };
}

it('is a message as the service model has it', () => {
  expect(decode(toEvent('PayloadChunk', 'application/octet-stream', Buffer.from('one')))).toEqual({
    headers: { ':event-type': 'PayloadChunk', ':content-type': 'application/octet-stream', ':message-type': 'event' },
    body: new Uint8Array(Buffer.from('one')),
  });
});

it('has a payload of nothing, and of six megabytes', () => {
  for (const length of [0, 6 * 1_048_576]) {
    expect(decode(toEvent('PayloadChunk', 'application/octet-stream', new Uint8Array(length))).body.length).toBe(
      length,
    );
  }
});

it('is read as it was written, whatever it holds', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' })
    .filter((text) => text !== '__proto__');
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.string({ maxLength: 300, unit: 'binary' })),
      fc.uint8Array(),
      (headers, body) => {
        const wellFormed = Object.fromEntries(
          Object.entries(headers).map(([key, value]) => [key, Buffer.from(value).toString()]),
        );
        expect(decode(toEventMessage(wellFormed, body))).toEqual({ headers: wellFormed, body });
      },
    ),
  );
});

it('is refused by its reader when any bit of it is another', () => {
  const message = toEvent('InvokeComplete', 'application/json', Buffer.from('{}'));
  fc.assert(
    fc.property(fc.nat(message.length * 8 - 1), (bit) => {
      const damaged = new Uint8Array(message);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => codec.decode(damaged)).toThrow();
    }),
  );
});
