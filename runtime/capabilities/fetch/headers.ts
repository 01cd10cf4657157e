import { invalid } from '../call-error.ts';

/** Names and values in the order in which they were given. */
export type Headers = readonly (readonly [string, string])[];

/** What the connection decides and no guest: left out of what is sent. */
const OURS = new Set([
  ...['connection', 'content-length', 'expect', 'host', 'http2-settings', 'keep-alive', 'proxy-authenticate'],
  ...['proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);
/** What another host than the one it was meant for must not see. */
const CREDENTIALS = new Set(['authorization', 'cookie']);
const MOST_HEADERS = 100;

/** Pairs of strings, less those that are not the guest's to say. */
export function parseHeaders(value: unknown): Headers {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST_HEADERS || !value.every(isPair)) {
    throw invalid(`"headers" must be a list of at most ${MOST_HEADERS} pairs of strings.`);
  }
  for (const [name, text] of value) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw invalid(`${JSON.stringify(name)} cannot name a header.`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
      throw invalid(`The header ${name} has characters that it cannot hold.`);
  }
  return value.map(([name, text]) => [name.toLowerCase(), text] as const).filter(([name]) => !OURS.has(name));
}

/** A guest that says where in a trace it is has said all of it. */
export function withTrace(headers: Headers, trace: Headers = []): Headers {
  return headers.some(([name]) => name === 'traceparent') ? headers : [...headers, ...trace];
}

export function withoutCredentials(headers: Headers): Headers {
  return headers.filter(([name]) => !CREDENTIALS.has(name));
}

export function withoutContent(headers: Headers): Headers {
  return headers.filter(([name]) => !name.startsWith('content-'));
}

/** What a response says, hop by hop headers included: the guest only reads them. */
export function toHeaders(raw: readonly string[]): Headers {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers.push([(raw[index] as string).toLowerCase(), raw[index + 1] as string]);
  }
  return headers;
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
