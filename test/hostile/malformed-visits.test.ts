import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../support/exchange.ts';
import { requestS3 } from '../support/s3-request.ts';
import { type KeptServices, startKeptServices } from './kept-services.ts';
import { malformedObject } from './malformed-objects.ts';
import { malformedToken } from './malformed-token.ts';

/** `MALFORMED_SEED=... MALFORMED_RUNS=...` draws others, or more. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 400);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);
const HELD_UP_MS = 3_000;
const S3_REFUSALS = [400, 403, 404, 405, 411, 412, 416, 501];

describe('malformed requests', () => {
  let kept: KeptServices;
  let server: Server;
  let issuer: string;
  let secret: string;
  let before: unknown;
  beforeAll(async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' };
    secret = await exportSPKI(publicKey);
    server = createServer((request, response) => {
      const isConfiguration = request.url === '/.well-known/openid-configuration';
      const body = isConfiguration ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    kept = await startKeptServices({ ISOLA_PRIVATE_HOSTS: '127.0.0.1', ISOLA_S3_WEBHOOK_TOKEN: 'known' });
    const { apiId, authorizerId, routeId } = kept.api;
    const jwtConfiguration = { issuer, audience: ['a'] };
    for (const [operation, input] of [
      ['UpdateAuthorizer', { apiId, authorizerId, jwtConfiguration }],
      ['UpdateRoute', { apiId, routeId, authorizationType: 'JWT', authorizerId }],
    ] as const) {
      const { status, body } = await kept.ask({ service: 'apigateway', operation, input, required: [], names: [] });
      expect(status, body.toString()).toBe(200);
    }
    await s3({ method: 'PUT', path: '/kept' });
    expect((await s3({ method: 'PUT', path: '/kept/k', body: 'kept' })).status).toBe(200);
    before = await kept.state();
  });
  afterAll(async () => {
    await kept.stop();
    server.close();
  });

  const s3 = (parts: Parameters<typeof requestS3>[2], key = kept.key) => requestS3(kept.isola.url, key, parts);
  const assertUnharmed = async (): Promise<void> => {
    expect(await kept.state()).toEqual(before);
    expect(kept.longestHold()).toBeLessThan(HELD_UP_MS);
    expect(kept.isola.process.output()).not.toContain('"level":"error"');
  };

  it('to S3 are refused in its words, and leave every object as it was', async () => {
    await fc.assert(
      fc.asyncProperty(malformedObject, fc.constantFrom('right', 'wrong'), async (parts, signing) => {
        const key = signing === 'right' ? kept.key : { ...kept.key, secretAccessKey: 'guessed' };
        const { status, headers, body } = await s3(parts, key);
        expect(S3_REFUSALS, `${status} ${body.toString().slice(0, 300)}`).toContain(status);
        expect(headers).not.toHaveProperty('x-injected');
        if (parts.method !== 'HEAD') expect(body.toString()).toMatch(/<Error><Code>\w+<\/Code><Message>[^<]+</);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect((await s3({ method: 'GET', path: '/kept/k' })).body.toString()).toBe('kept');
    await assertUnharmed();
  }, 1e9);

  it('with tokens that nobody signed reach no function', async () => {
    const host = `${kept.api.apiId}.execute-api.us-east-1.localhost:${new URL(kept.isola.url).port}`;
    await fc.assert(
      fc.asyncProperty(malformedToken({ issuer, secret }), async (authorization) => {
        const headers = { host, authorization: authorization.trim() };
        const { status, body } = await exchange(kept.isola.url, { method: 'GET', path: '/kept', headers });
        expect([status, body.toString()]).toEqual([401, '{"message":"Unauthorized"}']);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    await assertUnharmed();
  }, 1e9);

  it('to addresses where nobody lives, and to the webhook, are told so', async () => {
    const path = fc.oneof(
      fc
        .tuple(fc.constantFrom('/url', '/api'), fc.string({ maxLength: 20 }).map(encodeURIComponent))
        .map((parts) => parts.join('/')),
      fc.constantFrom(
        '/url/echo',
        '/api/__proto__',
        '/url/%',
        '/api/%00/x',
        '/url/..%2f..',
        '/s3-webhook',
        '/s3-webhook',
        '//x',
      ),
    );
    const token = fc.constantFrom('', 'Bearer', 'Bearer x', 'Bearer known', 'known', 'Bearer known2');
    const body = fc.oneof(
      fc.json(),
      fc.constantFrom('', '{', '['.repeat(100_000), '{"Records":[{}]}', '{"Records":{}}', '{"Records":[null]}'),
      fc
        .constantFrom('kept', '__proto__', '../kept', 'absent')
        .map((name) =>
          JSON.stringify({ EventName: 's3:x', Records: [{ s3: { bucket: { name }, object: { key: '%' } } }] }),
        ),
    );
    await fc.assert(
      fc.asyncProperty(path, token, body, async (where, authorization, text) => {
        const request = { method: 'POST', path: where, headers: { authorization }, body: text };
        const { status, body: answer } = await exchange(kept.isola.url, request);
        expect([400, 403, 404, 413], `${where} ${text.slice(0, 200)} ${status} ${answer}`).toContain(status);
        expect(JSON.parse(answer.toString())).toBeTypeOf('object');
      }),
      { numRuns: RUNS, seed: SEED },
    );
    await assertUnharmed();
  }, 1e9);
});
