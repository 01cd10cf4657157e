import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { LambdaError } from '../../runtime/contract/errors.ts';
import { readBody } from '../../runtime/gateway/body.ts';

it('is read whole when it came in pieces before anyone read it', async () => {
  const pieces = ['a', 'b', 'c'].map((letter) => Buffer.alloc(10_000, letter));
  const incoming = new IncomingMessage(new Socket());
  incoming.headers['content-length'] = '30000';
  for (const piece of pieces) incoming.push(piece);
  incoming.push(null);
  const wire = { incoming, outgoing: new ServerResponse(incoming) };
  const tooLarge = () => new LambdaError('RequestEntityTooLargeException', 'too large');
  const body = await readBody(wire, { maxBytes: 100_000, timeoutMs: 60_000, tooLarge });
  expect(Buffer.compare(body, Buffer.concat(pieces))).toBe(0);
});
