import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Stored {
  configuration: Record<string, unknown>;
  pendingReads: number;
}

const MISSING: Reply = {
  status: 404,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  body: { Type: 'User', Message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:gone' },
};

/** As much of Lambda as the commands talk to, on a free loopback port. Every request is kept in `seen`. */
export class FakeLambda {
  readonly seen: Seen[] = [];
  /** What the next Invoke answers. */
  invokeReply: Reply = { status: 200, body: { ok: true } };
  /** Answers everything with this when set. */
  override: Reply | undefined;
  /** Of function URLs, where they have one of their own. */
  publicPort: number | undefined;
  readonly #functions = new Map<string, Stored>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      if (request.url === '/healthz')
        return void response.end(JSON.stringify({ status: 'ok', publicPort: this.publicPort }));
      const body = await buffer(request);
      const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      this.seen.push(seen);
      const reply = this.override ?? this.#answer(seen);
      const isWhole = typeof reply.body === 'string' || Buffer.isBuffer(reply.body);
      const text = isWhole ? reply.body : JSON.stringify(reply.body ?? {});
      response.writeHead(reply.status, { ...reply.headers }).end(reply.status === 204 ? undefined : text);
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }

  add(name: string, state: Readonly<Record<string, unknown>> = {}): void {
    this.#functions.set(name, { configuration: { FunctionName: name, State: 'Active', ...state }, pendingReads: 0 });
  }

  /** Every function by name, and whether it has a URL. */
  functions(): { name: string; hasUrl: boolean }[] {
    return [...this.#functions.keys()].map((name) => ({
      name,
      hasUrl: this.#urls.has(`/2021-10-31/functions/${name}/url`),
    }));
  }

  configuration(name: string): Readonly<Record<string, unknown>> | undefined {
    return this.#functions.get(name)?.configuration;
  }

  calls(): readonly string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`);
  }

  #answer({ method, path, body }: Seen): Reply {
    const [route = '', search = ''] = path.split('?');
    if (route === '/') return { status: 200, body: '<Response/>' };
    if (/^\/2021-10-31\/functions\/[^/]+\/url$/.test(route)) return this.#url(route, method);
    if (route === '/2015-03-31/functions') return method === 'POST' ? this.#create(body) : this.#list(search);
    const [, name = '', action = ''] = /^\/2015-03-31\/functions\/([^/]+)(\/.*)?$/.exec(route) ?? [];
    const stored = this.#functions.get(decodeURIComponent(name));
    if (stored === undefined) return MISSING;
    if (action === '/invocations') return search === 'Qualifier=none' ? MISSING : this.invokeReply;
    if (action === '/code') return this.#update(stored, { CodeSha256: toSha256(body) });
    if (action === '/configuration')
      return this.#update(stored, JSON.parse(body.toString()) as Record<string, unknown>);
    if (action === '/policy') return { status: 201, body: { Statement: '{}' } };
    if (method === 'DELETE') return this.#functions.delete(name) ? { status: 204 } : MISSING;
    if (stored.pendingReads > 0) stored.pendingReads -= 1;
    else Object.assign(stored.configuration, { State: stored.configuration.State === 'Failed' ? 'Failed' : 'Active' });
    if (stored.pendingReads === 0) Object.assign(stored.configuration, { LastUpdateStatus: 'Successful' });
    return { status: 200, body: { Configuration: stored.configuration } };
  }

  #create(body: Buffer): Reply {
    const { Code: _, ...settings } = JSON.parse(body.toString()) as Record<string, unknown>;
    const configuration = { ...settings, State: 'Pending', CodeSha256: toSha256(body) };
    this.#functions.set(String(settings.FunctionName), { configuration, pendingReads: 1 });
    return { status: 201, body: configuration };
  }

  #update(stored: Stored, change: Record<string, unknown>): Reply {
    Object.assign(stored.configuration, change, { LastUpdateStatus: 'InProgress' });
    stored.pendingReads = 1;
    return { status: 200, body: stored.configuration };
  }

  /** Two functions a page, so that clients must follow the marker. */
  #list(search: string): Reply {
    const from = Number(new URLSearchParams(search).get('Marker') ?? 0);
    const all = [...this.#functions.values()].map(({ configuration }) => configuration);
    const more = from + 2 < all.length ? { NextMarker: String(from + 2) } : {};
    return { status: 200, body: { Functions: all.slice(from, from + 2), ...more } };
  }

  readonly #urls = new Set<string>();
  #url(route: string, method: string): Reply {
    if (method === 'GET') return this.#urls.has(route) ? { status: 200, body: { AuthType: 'NONE' } } : MISSING;
    if (this.#urls.has(route)) {
      return { status: 409, headers: { 'x-amzn-errortype': 'ResourceConflictException' }, body: { message: 'There.' } };
    }
    this.#urls.add(route);
    return { status: 201, body: { AuthType: 'NONE' } };
  }
}

function toSha256(body: Buffer): string {
  const { Code, ZipFile } = JSON.parse(body.toString()) as { Code?: { ZipFile: string }; ZipFile?: string };
  return createHash('sha256')
    .update(Buffer.from(Code?.ZipFile ?? ZipFile ?? '', 'base64'))
    .digest('base64');
}
