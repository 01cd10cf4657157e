import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import type { WireRequest } from '../support/exchange.ts';

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Signing {
  readonly date?: Date;
  readonly region?: string;
  readonly service?: string;
}

/** The request with a signature that holds. */
export async function signed(
  url: string,
  request: WireRequest,
  key: Key,
  { date = new Date(), region = 'us-east-1', service = 'lambda' }: Signing = {},
): Promise<WireRequest> {
  const { 'x-amz-date': _date, 'x-amz-content-sha256': _hash, ...headers } = request.headers ?? {};
  const [path = '/', rawQuery = ''] = request.path.split(/\?(.*)/s);
  const { host } = new URL(url);
  const signer = new SignatureV4({ service, region, credentials: key, sha256: NodeSha256, applyChecksum: false });
  const body = request.body ?? '';
  const again = await signer.sign(
    {
      ...{ method: request.method, protocol: 'http:', hostname: '127.0.0.1', path, query: toQuery(rawQuery), body },
      headers: { ...headers, host, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
    },
    { signingDate: date, unsignableHeaders: new Set(Object.keys(headers)) },
  );
  return { ...request, headers: again.headers };
}

type Missign = (url: string, key: Key) => Promise<WireRequest>;
const MINUTE = 60_000;

/** Requests whose signature is absent, garbled, of someone else, of another time, or of another request. */
export function misSigned(requests: fc.Arbitrary<WireRequest>, right: 'lambda' | 'iam'): fc.Arbitrary<Missign> {
  const wrong = right === 'iam' ? 'lambda' : 'iam';
  const garbled = fc.oneof(
    fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, '')),
    fc.constantFrom(
      'AWS4-HMAC-SHA256',
      'AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=',
      'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0',
      `AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
      'Basic dXNlcjpwYXNz',
      'Bearer x',
    ),
  );
  const tooLate = (right === 'iam' ? 16 : 6) * 60;
  const seconds = fc.oneof(fc.integer({ min: tooLate, max: 1e8 }), fc.integer({ min: -1e8, max: -tooLate }));
  return fc.oneof(
    requests.map(
      (request): Missign =>
        async () =>
          request,
    ),
    fc.tuple(requests, garbled).map(
      ([request, authorization]): Missign =>
        async () => ({ ...request, headers: { ...request.headers, authorization } }),
    ),
    requests.map(
      (request): Missign =>
        (url, key) =>
          signed(url, request, { ...key, secretAccessKey: 'wrong' }, { service: right }),
    ),
    requests.map(
      (request): Missign =>
        (url, key) =>
          signed(url, request, { ...key, accessKeyId: 'AKIANOBODYNOBODYNOBO' }, { service: right }),
    ),
    fc.tuple(requests, seconds).map(
      ([request, late]): Missign =>
        (url, key) =>
          signed(url, request, key, { service: right, date: new Date(Date.now() + (late * MINUTE) / 60) }),
    ),
    fc.tuple(requests, fc.constantFrom('ec2', wrong, 'LAMBDA', 'x')).map(
      ([request, service]): Missign =>
        (url, key) =>
          signed(url, request, key, { service }),
    ),
    fc.tuple(requests, fc.constantFrom('path', 'query', 'body', 'method')).map(
      ([request, part]): Missign =>
        async (url, key) =>
          tamper(await signed(url, request, key, { service: right }), part),
    ),
  );
}

function tamper(request: WireRequest, part: 'path' | 'query' | 'body' | 'method'): WireRequest {
  switch (part) {
    case 'path':
      return { ...request, path: request.path.replace(/^\/+/, '/x') };
    case 'query':
      return { ...request, path: `${request.path}&extra=1` };
    case 'body':
      return { ...request, body: Buffer.concat([Buffer.from(request.body ?? ''), Buffer.from(' ')]) };
    case 'method':
      return { ...request, method: request.method === 'PUT' ? 'POST' : 'PUT' };
  }
}

function toQuery(rawQuery: string): Record<string, string | string[]> {
  const query = new Map<string, string | string[]>();
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue;
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(decode);
    const earlier = query.get(name);
    query.set(name, earlier === undefined ? value : [...[earlier].flat(), value]);
  }
  return Object.fromEntries(query);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
