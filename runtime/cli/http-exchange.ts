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

/** An answer whose body comes as it is sent. */
export interface OpenAnswer extends Omit<Answer, 'body'> {
  readonly body: AsyncIterable<Uint8Array>;
}

/** One HTTP request, and its answer whole. */
export async function exchange(sent: Exchange): Promise<Answer> {
  return collect(await openExchange(sent));
}

/**
 * One HTTP request, and the beginning of its answer. Rejects with the system's error when there is no connection. No time limit of its own: a function may
 * run for fifteen minutes, which is longer than the built-in `fetch` waits for headers.
 */
export function openExchange(sent: Exchange): Promise<OpenAnswer> {
  const open = sent.url.startsWith('https:') ? tlsRequest : plainRequest;
  const options: RequestOptions = { method: sent.method, headers: sent.headers, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = open(sent.url, options, (incoming) => resolve(toOpenAnswer(incoming)));
    outgoing.on('error', reject);
    outgoing.end(sent.body);
  });
}

export async function collect(answer: OpenAnswer): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return { ...answer, body: Buffer.concat(chunks) };
}

function toOpenAnswer(incoming: IncomingMessage): OpenAnswer {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return { status: incoming.statusCode ?? 0, headers: new Map(headers), body: incoming };
}
