import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { RawConnection, toRequest } from '../../bench/raw-connection.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

it('reads one answer after another, however their bytes come', async () => {
  const wire = 'HTTP/1.1 429 Too Many Requests\r\nx-length: 7\r\nContent-Length: 5\r\nretry-after: 1\r\n\r\nlater';
  const url = await serve(async (socket) => {
    for (const split of [wire.length, 3, 40, 75, wire.length - 1]) {
      await once(socket, 'data');
      socket.write(wire.slice(0, split));
      await new Promise(setImmediate);
      socket.write(wire.slice(split));
    }
    socket.end();
  });
  const request = toRequest(url, '/x', { a: 'b' }, '{}');
  expect(request.toString()).toBe(
    `POST /x HTTP/1.1\r\nhost: ${new URL(url).host}\r\na: b\r\ncontent-length: 2\r\n\r\n{}`,
  );
  const answers: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const connection = new RawConnection(url, {
      open: () => connection.ask(request),
      answer: ({ status, bytes, bodyAt }) => {
        answers.push(`${status} ${bytes.toString('latin1', bodyAt)}`);
        connection.ask(request);
      },
      closed: (error) => {
        connection.end();
        if (error) reject(error);
        else resolve();
      },
    });
  });
  expect(answers).toEqual(Array.from({ length: 5 }, () => '429 later'));
});

it('says that an answer has no length', async () => {
  const url = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const error = await new Promise<Error | undefined>((resolve) => {
    const connection = new RawConnection(url, {
      open: () => {},
      answer: () => {},
      closed: (why) => {
        connection.end();
        resolve(why);
      },
    });
  });
  expect(error?.message).toContain('without a length');
});

async function serve(talk: (socket: Socket) => unknown): Promise<string> {
  server = createServer((socket) => void talk(socket.setNoDelay(true)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
