import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LambdaError } from '../../runtime/contract/errors.ts';
import { parseClaim } from '../../runtime/gateway/auth/authorization.ts';
import { assertFresh } from '../../runtime/gateway/auth/freshness.ts';
import { assertSigned } from '../../runtime/gateway/auth/signature.ts';
import { type RequestHead, toRequestHead } from '../../runtime/gateway/request-head.ts';
import { createSigner, createTestGateway, INVOKE_HELLO, KEY, type Signable, sign } from './fixture.ts';

const BODY = '{"a":1}';
const NOW = Date.parse('2026-03-01T12:00:00Z');

async function request(
  overrides: Partial<Signable> = {},
  sent: { body?: string; path?: string } = {},
): Promise<Response> {
  const signable: Signable = { method: 'POST', path: INVOKE_HELLO, body: BODY, date: new Date(NOW), ...overrides };
  const headers = await sign(signable);
  const { gateway } = createTestGateway({ auth: 'on', clock: () => NOW });
  return gateway.request(sent.path ?? signable.path, { method: 'POST', headers, body: sent.body ?? signable.body! });
}

async function presign(expiresIn: number): Promise<string> {
  const { query } = await createSigner().presign(
    {
      method: 'POST',
      path: INVOKE_HELLO,
      query: {},
      headers: { host: 'localhost' },
      body: '',
      protocol: 'http:',
      hostname: 'localhost',
    },
    { signingDate: new Date(NOW), expiresIn },
  );
  return `${INVOKE_HELLO}?${new URLSearchParams(query as Record<string, string>)}`;
}

function post(path: string, clock: number): Promise<Response> {
  const headers = { host: 'localhost' };
  return createTestGateway({ auth: 'on', clock: () => clock }).gateway.request(path, { method: 'POST', headers });
}

describe('the date of a signature', () => {
  const claimAt = (service: string, signedAt: number) => {
    const scope = { accessKeyId: 'A', shortDate: '20260301', region: 'us-east-1', service };
    return { ...scope, kind: 'header', longDate: 'then', signedAt, signature: '', signedHeaders: ['host'] } as const;
  };

  it.each([
    ['lambda', 5],
    ['iam', 15],
    ['sts', 15],
  ])('may be off for %s by %i minutes, as on AWS', (service, minutes) => {
    const most = minutes * 60_000;
    for (const off of [-most, 0, most]) expect(() => assertFresh(claimAt(service, NOW + off), NOW)).not.toThrow();
    expect(() => assertFresh(claimAt(service, NOW - most - 1), NOW)).toThrow(`- ${minutes} min.)`);
    expect(() => assertFresh(claimAt(service, NOW + most + 1), NOW)).toThrow(`+ ${minutes} min.)`);
  });
});

describe('a signed request', () => {
  it('is let through', async () => {
    expect((await request()).status).toBe(200);
  });

  it('is let through with an encoded path and a repeated query parameter', async () => {
    const response = await request(
      {
        path: '/2015-03-31/functions/hello%3A%24LATEST/invocations',
        query: { b: '1 2', a: 'x/y' },
      },
      { path: '/2015-03-31/functions/hello%3A%24LATEST/invocations?a=x%2Fy&b=1%202' },
    );
    expect(response.status).toBe(200);
  });

  it.each<[string, Partial<Signable>, { body?: string }, number, string, RegExp]>([
    [
      'another body',
      {},
      { body: '{"a":2}' },
      403,
      'InvalidSignatureException',
      /^The request signature we calculated does not match/,
    ],
    [
      'another secret',
      { key: { ...KEY, secretAccessKey: 'other' } },
      {},
      403,
      'InvalidSignatureException',
      /does not match/,
    ],
    [
      'an unknown key',
      { key: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } },
      {},
      403,
      'UnrecognizedClientException',
      /^The security token included in the request is invalid\.$/,
    ],
    [
      'another service',
      { service: 'ec2' },
      {},
      403,
      'InvalidSignatureException',
      /^Credential should be scoped to correct service: 'lambda'\.$/,
    ],
    [
      'a region that no host name can hold',
      { region: 'us east_1' },
      {},
      403,
      'InvalidSignatureException',
      /^Credential should be scoped to a valid region\.$/,
    ],
    [
      'a date six minutes ago',
      { date: new Date(NOW - 360_000) },
      {},
      403,
      'InvalidSignatureException',
      /^Signature expired: 20260301T115400Z is now earlier than 20260301T115500Z \(20260301T120000Z - 5 min\.\)$/,
    ],
    [
      'a date in six minutes',
      { date: new Date(NOW + 360_000) },
      {},
      403,
      'InvalidSignatureException',
      /^Signature not yet current: 20260301T120600Z is still later than 20260301T120500Z \(20260301T120000Z \+ 5 min\.\)$/,
    ],
  ])('is refused with %s', async (_what, overrides, sent, status, code, message) => {
    const response = await request(overrides, sent);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-amzn-errortype')).toBe(code);
    expect(((await response.json()) as { message: string }).message).toMatch(message);
  });

  it('is refused without a signature', async () => {
    const response = await post(INVOKE_HELLO, NOW);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ Type: 'User', message: 'Missing Authentication Token' });
  });

  it('is told which parts of the header lack', async () => {
    const { gateway } = createTestGateway({ auth: 'on' });
    const response = await gateway.request(INVOKE_HELLO, {
      method: 'POST',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request' },
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toBe(
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  });

  it('does not reach the function when the signature covers no payload', async () => {
    const headers = await createSigner().sign(
      {
        method: 'POST',
        path: INVOKE_HELLO,
        query: {},
        headers: { host: 'localhost', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        body: BODY,
        protocol: 'http:',
        hostname: 'localhost',
      },
      { signingDate: new Date(NOW) },
    );
    const { gateway, invocations } = createTestGateway({ auth: 'on', clock: () => NOW });
    const response = await gateway.request(INVOKE_HELLO, { method: 'POST', headers: headers.headers, body: BODY });
    expect(response.status).toBe(403);
    expect(invocations).toEqual([]);
  });
});

describe('a presigned URL', () => {
  it('is good until it expires', async () => {
    const path = await presign(600);
    expect((await post(path, NOW + 599_000)).status).toBe(200);
    expect((await post(path, NOW + 601_000)).status).toBe(403);
  });

  it('cannot be given a longer life', async () => {
    const path = (await presign(600)).replace('X-Amz-Expires=600', 'X-Amz-Expires=6000');
    expect((await post(path, NOW)).status).toBe(403);
  });

  it('cannot be given another parameter that only looks like the signature', async () => {
    expect((await post(`${await presign(600)}&x-amz-signature=1`, NOW)).status).toBe(403);
  });
});

/** Flips one bit of an ASCII text. */
function flip(text: string, bit: number): string {
  const bytes = Buffer.from(text, 'latin1');
  const index = Math.floor(bit / 8) % bytes.length;
  bytes[index] = bytes[index]! ^ (1 << (bit % 8));
  return bytes.toString('latin1');
}

describe('one flipped bit', () => {
  const path = '/2015-03-31/functions/hello%3A%24LATEST/invocations';
  const query = 'Qualifier=7&x=a%20b';

  function toHead(signed: Record<string, string>, parts: { method: string; path: string; query: string }): RequestHead {
    return toRequestHead({
      method: parts.method,
      target: `${parts.path}?${parts.query}`,
      headerLines: Object.entries(signed).flat(),
      sourceIp: '127.0.0.1',
      protocol: 'HTTP/1.1',
    });
  }

  async function verify(head: RequestHead, body: string): Promise<void> {
    const claim = parseClaim(head);
    assertFresh(claim, NOW);
    assertSigned(claim, KEY.secretAccessKey, head, Buffer.from(body, 'latin1'));
  }

  it('anywhere in method, path, query, a signed header, the signature or the body is noticed', async () => {
    const signed = await sign({
      method: 'POST',
      path,
      query: { Qualifier: '7', x: 'a b' },
      headers: { 'x-amz-log-type': 'Tail', 'content-type': 'application/json' },
      body: BODY,
      date: new Date(NOW),
    });
    const whole = { method: 'POST', path, query };
    await expect(verify(toHead(signed, whole), BODY)).resolves.toBeUndefined();
    const parts = [
      'method',
      'path',
      'query',
      'body',
      'signature',
      ...Object.keys(signed).filter((n) => n !== 'authorization'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parts), fc.nat(10_000), async (part, bit) => {
        const headers = { ...signed };
        const tampered = { ...whole };
        let body = BODY;
        if (part === 'body') body = flip(body, bit);
        else if (part === 'signature') {
          const { authorization } = signed;
          headers.authorization = authorization!.slice(0, -64) + flip(authorization!.slice(-64), bit);
        } else if (part in headers) headers[part] = flip(headers[part]!, bit);
        else tampered[part as keyof typeof tampered] = flip(tampered[part as keyof typeof tampered], bit);
        await expect(verify(toHead(headers, tampered), body)).rejects.toBeInstanceOf(LambdaError);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('any Authorization header', () => {
  it('is either a claim or a LambdaError', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (authorization, date) => {
        const headerLines = ['authorization', `AWS4-HMAC-SHA256 ${authorization}`, 'x-amz-date', date];
        const head = toRequestHead({ method: 'GET', target: '/', headerLines, sourceIp: '', protocol: '' });
        try {
          parseClaim(head);
        } catch (error) {
          expect(error).toBeInstanceOf(LambdaError);
        }
      }),
    );
  });
});
