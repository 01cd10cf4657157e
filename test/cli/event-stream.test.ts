import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEvents, type StreamEvent } from '../../runtime/cli/event-stream.ts';
import { toEvent } from '../../runtime/gateway/lambda-api/event-stream.ts';

async function read(chunks: readonly Uint8Array[]): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of readEvents(ofAll(chunks)))
    events.push({ ...event, payload: new Uint8Array(event.payload) });
  return events;
}

async function* ofAll(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

it('reads what the gateway writes, wherever the network cuts it', async () => {
  const events = fc.array(
    fc.record({ type: fc.constantFrom('PayloadChunk', 'InvokeComplete'), payload: fc.uint8Array() }),
  );
  await fc.assert(
    fc.asyncProperty(events, fc.array(fc.nat(400)), async (sent, cuts) => {
      const whole = Buffer.concat(sent.map(({ type, payload }) => toEvent(type, 'any', payload)));
      const at = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
      const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
      expect(await read(chunks)).toEqual(sent);
    }),
  );
});

it.each([
  ['that is too short', Uint8Array.from({ length: 12 }, (_, index) => (index === 3 ? 4 : 0))],
  ['whose headers are longer than it is', Buffer.from('00000010000000ff0000000000000000', 'hex')],
])('refuses a message %s', async (_, bytes) => {
  await expect(read([bytes])).rejects.toThrow('no event stream');
});
