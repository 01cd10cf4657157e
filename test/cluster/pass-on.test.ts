import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPassOn, takeClient } from '../../runtime/cluster/pass-on.ts';

describe('a request that is passed on', () => {
  let directory: string;
  let keeper: Server;
  let front: Server;
  let seen: { client: ReturnType<typeof takeClient>; headers: string[]; body: string; url: string | undefined }[];
  let close: () => void;
  beforeEach(async () => {
    seen = [];
    directory = mkdtempSync(join(tmpdir(), 'isola-door-'));
    const path = join(directory, 'door');
    keeper = createServer(async (incoming: IncomingMessage, outgoing) => {
      const client = takeClient(incoming);
      if (incoming.url === '/cut') {
        outgoing.destroy();
        return;
      }
      const body = await text(incoming);
      seen.push({ client, headers: [...incoming.rawHeaders], body, url: incoming.url });
      outgoing.writeHead(201, { 'x-one': ['1', '2'], 'content-type': 'text/plain' });
      outgoing.end(`answer to ${body}`);
    }).listen(path);
    await once(keeper, 'listening');
    const passOn = createPassOn({ path, failed: (_, outgoing) => outgoing.writeHead(500).end('failed') });
    close = passOn.close;
    front = createServer((incoming, outgoing) => passOn.passOn(incoming, outgoing, 'public')).listen(0, '127.0.0.1');
    await once(front, 'listening');
  });
  afterEach(() => {
    close();
    for (const server of [front, keeper]) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(directory, { recursive: true });
  });

  const port = () => (front.address() as AddressInfo).port;
  const send = async (request: string): Promise<string> => {
    const socket = connect(port(), '127.0.0.1');
    socket.write(request);
    return text(socket);
  };

  it('arrives as it came, with where it came from', async () => {
    const lines = [
      'POST /a%2Fb?q=%20 HTTP/1.1',
      'Host: h',
      'Connection: close',
      'X-Twice: 1',
      'x-twice: 2',
      'Content-Length: 4',
      '',
      'body',
    ];
    const answer = await send(lines.join('\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 201 .*x-one: 1\r\nx-one: 2\r\n.*answer to body/s);
    expect(seen).toMatchObject([
      { client: { door: 'public', sourceIp: '127.0.0.1' }, body: 'body', url: '/a%2Fb?q=%20' },
    ]);
    expect(seen[0]?.headers.slice(2, 8)).toEqual(['X-Twice', '1', 'x-twice', '2', 'Content-Length', '4']);
    expect(seen[0]?.headers).not.toContain('x-isola-client');
  });

  it('cannot say itself where it came from', async () => {
    const forged = [
      'GET / HTTP/1.1',
      'Host: h',
      'Connection: close',
      'x-isola-client: api 10.0.0.1',
      'x-other: x-isola-client',
      '',
      '',
    ];
    await send(forged.join('\r\n'));
    expect(seen[0]?.client).toEqual({ door: 'public', sourceIp: '127.0.0.1' });
    expect(seen[0]?.headers).toContain('api 10.0.0.1');
  });

  it('is answered for when the keeper goes away over it', async () => {
    expect(await send('GET /cut HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 500 .*failed/s,
    );
  });

  it('gets through every time, though its client wants one answer and no more', async () => {
    const request = 'POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\n';
    for (let index = 0; index < 200; index++) expect(await send(`${request}body`)).toContain('answer to body');
  });

  it('carries a body of unknown length', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    await send(`${head}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`);
    expect(seen[0]?.body).toBe('abcde');
  });
});
