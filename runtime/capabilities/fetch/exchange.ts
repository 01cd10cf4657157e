import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { FETCH_HEADER_BYTES, HOST_CALL_BODY_BYTES } from '../../contract/limits.ts';
import { CallError } from '../call-error.ts';
import type { Destination } from './destination.ts';
import { type Headers, toHeaders } from './headers.ts';

export interface FetchRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface FetchResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * One request on a connection of its own to a checked address: no proxy, no redirect, no connection that another function
 * has used. An abort closes the connection. Throws a CallError.
 */
export async function exchange(to: Destination, request: FetchRequest, signal: AbortSignal): Promise<FetchResponse> {
  try {
    const response = await send(to, request, signal);
    const { statusCode: status = 0, rawHeaders } = response;
    return { status, headers: toHeaders(rawHeaders), body: await readBody(response) };
  } catch (error) {
    if (error instanceof CallError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw failed(to.url, code);
  }
}

function send({ url, hostname, addresses }: Destination, { method, headers, body }: FetchRequest, signal: AbortSignal) {
  const isTls = url.protocol === 'https:';
  const options = {
    ...{ method, hostname, signal, port: url.port, path: `${url.pathname}${url.search}` },
    lookup: pinnedTo(addresses),
    agent: isTls ? new HttpsAgent() : new HttpAgent(),
    headers: toOutgoing(url, method, headers, body),
    maxHeaderSize: FETCH_HEADER_BYTES,
    ...(isTls ? { rejectUnauthorized: true, servername: isIP(hostname) ? '' : hostname } : {}),
  };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = (isTls ? requestHttps : requestHttp)(options, resolve);
    outgoing.once('error', reject);
    outgoing.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(failed(url, 'it wants another protocol'));
    });
    outgoing.once('close', () => reject(failed(url, 'it closed the connection')));
    outgoing.end(body);
  });
}

function failed({ host }: URL, why: string): CallError {
  return new CallError('FetchFailed', `${host} could not be asked: ${why}.`);
}

/** Answers the checked addresses whatever is asked, so that the name is never resolved a second time. */
function pinnedTo(addresses: Destination['addresses']): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

/** Names may come more than once, so this is the flat list that Node takes as it is. */
function toOutgoing(url: URL, method: string, headers: Headers, body: Uint8Array): string[] {
  const names = new Set(headers.map(([name]) => name));
  const flat = ['host', url.host, ...headers.flat(), 'connection', 'close'];
  if (!names.has('user-agent')) flat.push('user-agent', 'isola');
  if (!['GET', 'HEAD'].includes(method)) flat.push('content-length', String(body.byteLength));
  return flat;
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).byteLength;
    if (bytes > HOST_CALL_BODY_BYTES) {
      response.destroy();
      throw new CallError('ResponseTooLarge', `The response has more than ${HOST_CALL_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, bytes);
}
