import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readHead } from '../../runtime/gateway/exchange.ts';
import { type Patience, StreamedAnswer } from '../../runtime/gateway/streamed-answer.ts';

const PIECE = new Uint8Array(65_536);
const patience = (stallMs: number, most: number): Patience => ({ stallMs, kept: { bytes: 0, most } });
/** Longer than any test, and more than any keeps. */
const patient = (): Patience => patience(60_000, 2 ** 30);
const HEAD = { status: 200, headers: {} };

/** A connection with so many requests on it, of which the client reads nothing until it is told to. */
async function connected(
  requests: number,
  patience: Patience,
): Promise<{ client: Socket; answers: StreamedAnswer[]; responses: ServerResponse[] }> {
  const answers: StreamedAnswer[] = [];
  const responses: ServerResponse[] = [];
  const server = createServer();
  onTestFinished(() => void server.close());
  const all = new Promise<void>((resolve) => {
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      responses.push(outgoing);
      answers.push(
        new StreamedAnswer({ incoming, outgoing, head: readHead(incoming), requestId: 'r', params: {} }, patience),
      );
      if (answers.length === requests) resolve();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  onTestFinished(() => void client.destroy());
  client.on('error', () => {});
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(requests));
  await all;
  return { client, answers, responses };
}

const closed = (response: ServerResponse | undefined): Promise<unknown> =>
  once(response?.req.socket as Socket, 'close');

/** Writes pieces until one is not taken; answers how many were and how many are with the answer. */
function flood(answer: StreamedAnswer): { taken: number; written: number } {
  const seen = { taken: 0, written: 0 };
  const more = (): void => {
    if (seen.written === 2_000) return;
    seen.written++;
    answer.write(PIECE, () => {
      seen.taken++;
      more();
    });
  };
  answer.begin(HEAD);
  for (let ahead = 0; ahead < 10; ahead++) more();
  return seen;
}

describe('a streamed answer', () => {
  it('takes pieces as its client does', async () => {
    const { client, answers, responses } = await connected(1, patient());
    const seen = flood(answers[0] as StreamedAnswer);
    client.resume();
    const ended = once(responses[0] as ServerResponse, 'finish');
    answers[0]?.write(PIECE, () => answers[0]?.end());
    await ended;
    expect(seen.written - seen.taken).toBeLessThanOrEqual(10);
  });

  it('is given up when its client takes nothing for long: the pieces count as taken', async () => {
    const { answers, responses } = await connected(1, patience(100, 2 ** 30));
    const gone = closed(responses[0]);
    const seen = flood(answers[0] as StreamedAnswer);
    expect(seen.taken).toBeLessThan(2_000);
    await gone;
    expect(seen).toEqual({ taken: 2_000, written: 2_000 });
  });

  it('is given up with the one before it on the same connection', async () => {
    const { answers, responses } = await connected(2, patience(100, 2 ** 30));
    const gone = closed(responses[1]);
    flood(answers[0] as StreamedAnswer);
    const behind = flood(answers[1] as StreamedAnswer);
    expect(behind.taken).toBe(0);
    await gone;
    expect(behind).toEqual({ taken: 2_000, written: 2_000 });
  });

  it('is given up when it is behind and too much waits in all of them together', async () => {
    const shared = patience(60_000, 5 * PIECE.byteLength);
    const { client, answers } = await connected(1, shared);
    const seen = flood(answers[0] as StreamedAnswer);
    expect(seen).toEqual({ taken: 2_000, written: 2_000 });
    expect(shared.kept.bytes).toBe(0);
    client.resume();
    await once(client, 'close');
  });

  it('writes each piece once, also those that come when another is taken', async () => {
    const shared = patient();
    const { client, answers } = await connected(1, shared);
    const [answer] = answers as [StreamedAnswer];
    const whole = new Promise<string>((resolve) => {
      let text = '';
      client.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.endsWith('\r\n0\r\n\r\n')) resolve(text.slice(text.indexOf('\r\n\r\n') + 4));
      });
    });
    answer.begin(HEAD);
    const last = (): void => answer.write(Buffer.from('cd'), () => answer.end());
    answer.write(Buffer.from('a'), () => answer.write(Buffer.from('b'), last));
    client.resume();
    expect(await whole).toBe('1\r\na\r\n1\r\nb\r\n2\r\ncd\r\n0\r\n\r\n');
    expect(shared.kept.bytes).toBe(0);
  });

  it('leaves one listener on a connection that is kept, however many are answered on it', async () => {
    const { client, answers, responses } = await connected(20, patient());
    client.resume();
    const { socket } = (responses[0] as ServerResponse).req;
    for (const [index, answer] of answers.entries()) {
      const closes = once(responses[index] as ServerResponse, 'close');
      answer.begin(HEAD);
      answer.write(PIECE);
      answer.end();
      await closes;
    }
    expect(socket.destroyed).toBe(false);
    expect(socket.listenerCount('close')).toBeLessThan(10);
  });
});
