import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Resolve } from '../../runtime/capabilities/fetch/destination.ts';
import { createFetch } from '../../runtime/capabilities/index.ts';
import { HOST_CALL_BODY_BYTES } from '../../runtime/contract/limits.ts';
import { type CallOptions, callerOf, grantsOf } from './fixture.ts';

type Handle = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An HTTP server on loopback, the port of which is answered. */
async function listen(handle: Handle): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that answers every connection with these bytes. */
async function listenRaw(answer: string): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const LOOPBACK: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const EVERYTHING = grantsOf('isola:Fetch*');
const open = (grants = EVERYTHING, resolve: Resolve = LOOPBACK) => {
  const call = callerOf(createFetch(grants, resolve));
  return (url: string, more: Record<string, unknown> = {}, options: CallOptions = {}) =>
    call({ op: 'fetch', url, ...more }, options);
};
const errorOf = (type: string) => ({ error: { type } });

describe('fetch', () => {
  it('carries method, headers and body there, and status, headers and body back', async () => {
    const port = await listen((request, response, body) => {
      response.writeHead(207, ['x-seen', `${request.method} ${request.url}`, 'set-cookie', 'a=1', 'set-cookie', 'b=2']);
      response.end(JSON.stringify({ headers: request.headers, body }));
    });
    const headers = [
      ['X-Mine', 'größe'],
      ['accept', 'a'],
      ['accept', 'b'],
    ];
    const { head, text } = await open()(
      `http://api.test:${port}/p?q=1#f`,
      { method: 'put', headers },
      { body: 'héllo' },
    );
    expect(head).toMatchObject({ status: 207, url: `http://api.test:${port}/p?q=1`, redirected: false });
    expect(head.headers).toEqual(
      expect.arrayContaining([
        ['x-seen', 'PUT /p?q=1'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ]),
    );
    const seen = JSON.parse(text);
    expect(seen).toMatchObject({ body: 'héllo', headers: { host: `api.test:${port}`, accept: 'a, b' } });
    expect(seen.headers).toMatchObject({ 'x-mine': 'größe', 'user-agent': 'isola', 'content-length': '6' });
  });

  it('does not let a guest say what the connection decides', async () => {
    const port = await listen((request, response) => void response.end(JSON.stringify(request.rawHeaders)));
    const names = [
      'Host',
      'CONNECTION',
      'content-length',
      'Transfer-Encoding',
      'te',
      'Upgrade',
      'Keep-Alive',
      'Proxy-Authorization',
      'Expect',
    ];
    const headers = names.map((name) => [name, 'forged']);
    const { text } = await open()(`http://api.test:${port}/`, { method: 'POST', headers }, { body: 'x' });
    expect(text).not.toContain('forged');
  });

  it('refuses what is no request', async () => {
    const call = open();
    for (const [url, more = {}, body = ''] of [
      ['nonsense'],
      ['file:///etc/passwd'],
      ['ftp://api.test/'],
      ['http://user:secret@api.test/'],
      ['http://[::1/'],
      ['http://api.test/', { method: 'CONNECT' }],
      ['http://api.test/', { method: 'GET /x HTTP/1.1\r\nx: ' }],
      ['http://api.test/', { headers: [['x', 'a\r\nhost: b']] }],
      ['http://api.test/', { headers: [['x y', 'a']] }],
      ['http://api.test/', { headers: [['', 'a']] }],
      ['http://api.test/', { headers: [['x', '\u{100}']] }],
      ['http://api.test/', { headers: { x: 'a' } }],
      ['http://api.test/', { headers: [['x']] }],
      ['http://api.test/', { headers: Array.from({ length: 101 }, () => ['x', 'a']) }],
      ['http://api.test/', { redirect: 'error' }],
      ['http://api.test/', {}, 'a GET with a body'],
    ] as const) {
      expect((await call(url, more, { body })).head, `${url} ${JSON.stringify(more)}`).toMatchObject(
        errorOf('InvalidRequest'),
      );
    }
  });

  it('asks nobody without a grant for exactly this host and port', async () => {
    let asked = 0;
    const port = await listen((_request, response) => {
      asked++;
      response.end();
    });
    const call = open(grantsOf(`isola:Fetch arn:isola:fetch:::api.test:${port}`, 'isola:FetchPrivate*'));
    for (const url of [
      ...[`http://other.test:${port}/`, 'http://api.test/', `http://127.0.0.1:${port}/`, `http://api.test.:1/`],
      ...[`http://xapi.test:${port}/`, `http://api.test.other:${port}/`, `http://api.test%2f:${port}/`],
    ]) {
      expect((await call(url)).head.error, url).toMatchObject({
        type: expect.stringMatching(/^AccessDenied|InvalidRequest$/),
      });
    }
    expect(asked).toBe(0);
    for (const url of [`http://api.test:${port}/`, `http://API.TEST.:${port}/`]) {
      expect((await call(url)).head).toMatchObject({ status: 200 });
    }
  });

  it.each([
    ...[
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://0177.0.0.1/',
      'http://127.1/',
      'http://0/',
    ],
    ...[
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:7f00:1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[fe80::1]/',
    ],
    ...['http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/', 'http://100.64.0.1/', 'http://224.0.0.1/'],
    ...['http://①②⑦.⓪.⓪.①/', 'http://localhost/', 'https://127.0.0.1/', 'http://metadata.test/'],
  ])('does not go to %s without a grant of its own', async (url) => {
    const { head } = await open(grantsOf('isola:Fetch arn:isola:fetch:::*'))(url);
    expect(head).toMatchObject(errorOf('PrivateAddress'));
  });

  it('goes to private addresses of the host that is granted by name, and only there', async () => {
    const port = await listen((_request, response) => void response.end('inside'));
    const arn = `arn:isola:fetch:::inside.test:${port}`;
    const call = open(grantsOf('isola:Fetch arn:isola:fetch:::*', `isola:FetchPrivate ${arn}`));
    expect((await call(`http://inside.test:${port}/`)).text).toBe('inside');
    expect((await call(`http://outside.test:${port}/`)).head).toMatchObject(errorOf('PrivateAddress'));
  });

  it('leaves out the private ones among the addresses of a name', async () => {
    const port = await listen((_request, response) => void response.end());
    const mixed: Resolve = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '::ffff:127.0.0.1', family: 6 },
    ];
    const call = open(grantsOf('isola:Fetch arn:isola:fetch:::*'), mixed);
    expect((await call(`http://mixed.test:${port}/`)).head).toMatchObject(errorOf('PrivateAddress'));
  });

  it('resolves a name once, and connects to what was checked', async () => {
    const port = await listen((_request, response) => void response.end('first'));
    let asked = 0;
    const rebinding: Resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '192.0.2.1', family: 4 }];
    expect((await open(EVERYTHING, rebinding)(`http://rebinding.test:${port}/`)).text).toBe('first');
    expect(asked).toBe(1);
  });

  it('follows redirects as a browser does', async () => {
    const port = await listen((request, response, body) => {
      const [, status, method = 'end'] = (request.url ?? '').split('/');
      if (method === 'end') return void response.end(`${request.method} ${body} ${request.headers['content-type']}`);
      response.writeHead(Number(status), { location: '/0/end' }).end('elsewhere');
    });
    const options = { body: 'b' };
    const send = async (status: number, method: string) => {
      const headers = [['content-type', 't']];
      return (await open()(`http://api.test:${port}/${status}/go`, { method, headers }, options)).text;
    };
    expect(await send(301, 'POST')).toBe('GET  undefined');
    expect(await send(303, 'PUT')).toBe('GET  undefined');
    expect(await send(302, 'PUT')).toBe('PUT b t');
    expect(await send(307, 'POST')).toBe('POST b t');
    expect(await send(308, 'POST')).toBe('POST b t');
    const manual = await open()(`http://api.test:${port}/302/go`, { redirect: 'manual' });
    expect(manual.head).toMatchObject({ status: 302, redirected: false });
    expect((await open()(`http://api.test:${port}/302/go`)).head).toMatchObject({
      url: `http://api.test:${port}/0/end`,
      redirected: true,
    });
  });

  it('checks every redirect as if it had been asked for', async () => {
    const locations: string[] = [];
    const port = await listen((_request, response) => {
      response.writeHead(302, { location: locations.shift() ?? '/' }).end();
    });
    const grants = grantsOf(
      `isola:Fetch arn:isola:fetch:::api.test:${port}`,
      `isola:Fetch arn:isola:fetch:::open.test`,
      `isola:FetchPrivate arn:isola:fetch:::api.test:${port}`,
    );
    const call = open(grants);
    for (const [location, type] of [
      ['http://other.test/', 'AccessDenied'],
      ['http://open.test/', 'PrivateAddress'],
      ['http://169.254.169.254/', 'AccessDenied'],
      ['file:///etc/passwd', 'InvalidRequest'],
      ['http://a:b@open.test/', 'InvalidRequest'],
    ] as const) {
      locations.splice(0, locations.length, location);
      expect((await call(`http://api.test:${port}/`)).head, location).toMatchObject(errorOf(type));
    }
    locations.length = 0;
    expect((await call(`http://api.test:${port}/`)).head).toMatchObject(errorOf('TooManyRedirects'));
  });

  it('leaves credentials behind when a redirect leads to another origin', async () => {
    const there = await listen((request, response) => void response.end(JSON.stringify(request.headers)));
    const here = await listen((request, response) => {
      const location = request.url === '/same' ? '/seen' : `http://other.test:${there}/`;
      if (request.url === '/seen') response.end(JSON.stringify(request.headers));
      else response.writeHead(307, { location }).end();
    });
    const headers = [
      ['authorization', 'secret'],
      ['cookie', 'secret'],
      ['x-plain', 'plain'],
    ];
    const across = await open()(`http://api.test:${here}/other`, { headers });
    expect(across.text).not.toContain('secret');
    expect(across.text).toContain('plain');
    expect((await open()(`http://api.test:${here}/same`, { headers })).text).toContain('secret');
  });

  it('bounds the response', async () => {
    const port = await listen((request, response) => {
      if (request.url === '/headers') response.setHeader('x-large', 'x'.repeat(20_000));
      const bytes =
        request.url === '/most' ? HOST_CALL_BODY_BYTES : request.url === '/more' ? HOST_CALL_BODY_BYTES + 1 : 0;
      response.end(Buffer.alloc(bytes, 'x'));
    });
    expect((await open()(`http://api.test:${port}/most`)).text).toHaveLength(HOST_CALL_BODY_BYTES);
    expect((await open()(`http://api.test:${port}/more`)).head).toMatchObject(errorOf('ResponseTooLarge'));
    expect((await open()(`http://api.test:${port}/headers`)).head).toMatchObject(errorOf('FetchFailed'));
  });

  it('answers with a value when the other side fails', async () => {
    const closed = await listen(() => undefined);
    const silent: Resolve = async () => [];
    const failing: Resolve = () => Promise.reject(new Error('SERVFAIL'));
    expect((await open(EVERYTHING, silent)(`http://api.test:${closed}/`)).head).toMatchObject(errorOf('FetchFailed'));
    expect((await open(EVERYTHING, failing)(`http://api.test:${closed}/`)).head).toMatchObject(errorOf('FetchFailed'));
    for (const answer of [
      ...[
        '',
        'nonsense\r\n\r\n',
        'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort',
        'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      ],
      ...['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ]) {
      const port = await listenRaw(answer);
      expect((await open()(`http://api.test:${port}/`)).head, answer).toMatchObject(errorOf('FetchFailed'));
      expect((await open()(`https://api.test:${port}/`)).head, answer).toMatchObject(errorOf('FetchFailed'));
    }
  });

  it('closes the connection when nobody waits for the answer any more', async () => {
    const gone = new AbortController();
    let closed: () => void = () => undefined;
    const whenClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const port = await listen((request) => {
      request.socket.once('close', closed);
      gone.abort();
    });
    const answered = open()(`http://api.test:${port}/`, {}, { signal: gone.signal });
    await whenClosed;
    expect((await answered).head).toMatchObject(errorOf('FetchFailed'));
  });

  it('does not wait when no more threads may', async () => {
    const { head } = await open()('http://api.test/', {}, { park: () => false });
    expect(head).toMatchObject(errorOf('TooManyWaiting'));
  });
});
