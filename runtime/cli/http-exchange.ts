import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/**
 * One HTTP request. Rejects with the system's error when there is no connection. No time limit of its own: a function may
 * run for fifteen minutes, which is longer than the built-in `fetch` waits for headers.
 */
export function exchange(sent: Exchange): Promise<Answer> {
  const open = sent.url.startsWith('https:') ? tlsRequest : plainRequest;
  const options: RequestOptions = { method: sent.method, headers: sent.headers, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = open(sent.url, options, (incoming) => {
      collect(incoming).then(resolve, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(sent.body);
  });
}

async function collect(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return { status: incoming.statusCode ?? 0, headers: new Map(headers), body: Buffer.concat(chunks) };
}
