import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request as it should stand on the wire: the path is not normalised. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** One exchange on a connection of its own. */
export function exchange(url: string, { method, path, headers = {}, body = '' }: WireRequest): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const length = Buffer.byteLength(body);
  const framing = length > 0 ? { 'content-length': String(length) } : {};
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: { ...framing, ...headers }, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      buffer(incoming).then(
        (bytes) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: bytes }),
        reject,
      );
    });
    outgoing.end(body);
  });
}
