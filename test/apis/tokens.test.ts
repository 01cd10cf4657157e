import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JwtAuthorizerRecord } from '../../runtime/apis/index.ts';
import { KeySets } from '../../runtime/apis/tokens/key-sets.ts';
import { KnownTokens } from '../../runtime/apis/tokens/known-tokens.ts';
import { verifyToken } from '../../runtime/apis/tokens/verify-token.ts';

const ISSUER = 'https://issuer.test/pool';
const AUTHORIZER: JwtAuthorizerRecord = {
  ...{ authorizerId: 'a', authorizerType: 'JWT', name: 'login', identitySource: ['$request.header.Authorization'] },
  ...{ issuer: ISSUER, audience: ['shop', 'stall'] },
};
const NOW = 1_700_000_000_000;
const SECONDS = NOW / 1_000;

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let pair: Pair;
let other: Pair;
beforeAll(async () => {
  [pair, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
});

function sign(payload: JWTPayload, key: Pair = pair, kid = 'one'): Promise<string> {
  return new SignJWT({ iss: ISSUER, aud: 'shop', exp: SECONDS + 60, ...payload })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(key.privateKey);
}

/** An issuer that has the keys that it has when it is asked. */
class Issuer {
  now = NOW;
  asked: string[] = [];
  keys: [string, Pair][] = [['one', pair]];
  answer: (url: string) => Promise<unknown> = async (url) => {
    if (url.endsWith('/openid-configuration')) return { issuer: ISSUER, jwks_uri: 'https://keys.test/' };
    const keys = this.keys.map(async ([kid, { publicKey }]) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg: 'RS256',
    }));
    return { keys: await Promise.all(keys) };
  };
  readonly known: KnownTokens = new KnownTokens();
  readonly keySets: KeySets = new KeySets({
    clock: () => this.now,
    fetchJson: (url) => {
      this.asked.push(url);
      return this.answer(url);
    },
  });
  verify(token: string, scopes?: readonly string[]) {
    return verifyToken(token, AUTHORIZER, { scopes, keySets: this.keySets, known: this.known, now: this.now });
  }
}

describe('a token', () => {
  it('that holds says its claims, as texts, with Bearer before it or without', async () => {
    const issuer = new Issuer();
    const token = await sign({ sub: 'alice', roles: ['a', 'b'], admin: true, nested: { x: 1 } });
    const claims = { sub: 'alice', roles: '[a b]', admin: 'true', nested: '{"x":1}', exp: String(SECONDS + 60) };
    for (const each of [token, `Bearer ${token}`, `bearer ${token}`]) {
      expect(await issuer.verify(each)).toMatchObject({
        claims: { ...claims, iss: ISSUER, aud: 'shop' },
        scopes: null,
      });
    }
    expect(issuer.asked).toEqual([`${ISSUER}/.well-known/openid-configuration`, 'https://keys.test/']);
  });

  it.each<[string, JWTPayload]>([
    ['is of another issuer', { iss: 'https://other.test' }],
    ['is for another audience', { aud: 'bank' }],
    ['has expired', { exp: SECONDS }],
    ['never expires', { exp: undefined as never }],
    ['is not yet valid', { nbf: SECONDS + 10 }],
    ['was made in the future', { iat: SECONDS + 10 }],
    ['names a client beside an audience that is another', { aud: 'bank', client_id: 'shop' }],
  ])('that %s is none', async (_, payload) => {
    expect(await new Issuer().verify(await sign(payload))).toBe('invalid');
  });

  it('is for the client that it names where it has no audience', async () => {
    expect(await new Issuer().verify(await sign({ aud: undefined as never, client_id: 'stall' }))).toMatchObject({
      claims: { client_id: 'stall' },
    });
  });

  it('must be signed by a key of the issuer, with an algorithm of public keys', async () => {
    const issuer = new Issuer();
    const [head = '', payload = '', signature = ''] = (await sign({})).split('.');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey)));
    const byName = await new SignJWT({ iss: ISSUER, aud: 'shop', exp: SECONDS + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(secret);
    const forged = [
      ...[await sign({}, other), byName, `${unsigned}.${payload}.`, `${unsigned}.${payload}.${signature}`],
      ...[
        `${head}.${payload}.${signature.slice(2)}`,
        `${head}.${payload}`,
        'x',
        '',
        '..',
        `${head}.${head}.${signature}`,
      ],
      `${Buffer.from('{"alg":"RS256","crit":["x"]}').toString('base64url')}.${payload}.${signature}`,
    ];
    for (const token of forged) expect(await issuer.verify(token), token).toBe('invalid');
  });

  it('is none when its claims are nested without end, or as none is written', async () => {
    const { privateKey } = pair;
    const raw = async (payload: string) => {
      const { FlattenedSign } = await import('jose');
      const {
        protected: head,
        payload: body,
        signature,
      } = await new FlattenedSign(new TextEncoder().encode(payload))
        .setProtectedHeader({ alg: 'RS256', kid: 'one' })
        .sign(privateKey);
      return `${head}.${body}.${signature}`;
    };
    const issuer = new Issuer();
    const claims = `"iss":"${ISSUER}","aud":"shop","exp":${SECONDS + 60}`;
    expect(await issuer.verify(await raw(`{${claims},"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`))).toBe(
      'invalid',
    );
    for (const payload of [
      '[]',
      'null',
      'x',
      `{${claims.replace('"shop"', '[{"toString":1}]')}}`,
      `{${claims.replace('"shop"', '{"a":1}')}}`,
      `{${claims},"iat":"x"}`,
    ]) {
      expect(await issuer.verify(await raw(payload)), payload).toBe('invalid');
    }
  });

  it('needs one of the scopes that the route asks for', async () => {
    const issuer = new Issuer();
    const reader = await sign({ scope: 'read list' });
    expect(await issuer.verify(reader, ['write', 'list'])).toMatchObject({ scopes: ['list'] });
    expect(await issuer.verify(reader, ['write'])).toBe('unscoped');
    expect(await issuer.verify(await sign({}), ['write'])).toBe('unscoped');
    expect(await issuer.verify(await sign({ scp: ['write'] }), ['write'])).toMatchObject({ scopes: ['write'] });
  });
});

describe('a token that came before', () => {
  it('is believed for five minutes, but no longer than it is good, and asked for its scopes each time', async () => {
    const issuer = new Issuer();
    const short = await sign({ exp: SECONDS + 60, scope: 'read' });
    const long = await sign({ exp: SECONDS + 100_000 });
    expect(await issuer.verify(short, ['read'])).toMatchObject({ scopes: ['read'] });
    expect(await issuer.verify(short, ['write'])).toBe('unscoped');
    expect(await issuer.verify(long)).toMatchObject({ claims: { aud: 'shop' } });
    issuer.keys = [['two', other]];
    issuer.now += 60_000;
    expect(await issuer.verify(short, ['read'])).toBe('invalid');
    issuer.now += 7_200_000;
    // The keys that are asked for now have another one.
    expect(await issuer.verify(long)).toBe('invalid');
  });

  it('is forgotten for others when there are too many', () => {
    const known = new KnownTokens();
    for (let each = 0; each <= 2_000; each++) known.keep(ISSUER, String(each), { exp: SECONDS + 60 }, NOW);
    expect([known.find(ISSUER, '0', NOW), known.find(ISSUER, '1', NOW)]).toEqual([undefined, { exp: SECONDS + 60 }]);
    expect(known.find('https://other.test', '1', NOW)).toBeUndefined();
    expect(known.find(ISSUER, '1', NOW + 60_000)).toBeUndefined();
  });
});

describe('the keys of an issuer', () => {
  it('are asked for once, by however many tokens at a time, and again after two hours', async () => {
    const issuer = new Issuer();
    const token = await sign({ exp: SECONDS + 100_000 });
    await Promise.all(Array.from({ length: 20 }, () => issuer.verify(token)));
    expect(issuer.asked).toHaveLength(2);
    issuer.now += 7_199_000;
    await issuer.verify(token);
    expect(issuer.asked).toHaveLength(2);
    issuer.now += 1_000;
    await issuer.verify(await sign({ exp: SECONDS + 100_001 }));
    expect(issuer.asked).toHaveLength(4);
  });

  it('are asked for anew for a token that names another one, but not for each', async () => {
    const issuer = new Issuer();
    await issuer.verify(await sign({}));
    issuer.keys = [['two', other]];
    const newer = await sign({}, other, 'two');
    expect(await issuer.verify(newer)).toBe('invalid');
    expect(issuer.asked).toHaveLength(2);
    issuer.now += 30_000;
    expect(await issuer.verify(newer)).toMatchObject({ claims: { aud: 'shop' } });
    expect(await issuer.verify(await sign({}, pair, 'three'))).toBe('invalid');
    expect(issuer.asked).toHaveLength(4);
  });

  it.each<[string, (url: string) => Promise<unknown>]>([
    ['is away', () => Promise.reject(new Error('away'))],
    ['answers nonsense', async () => 'nonsense'],
    ['names another issuer', async () => ({ issuer: 'https://other.test', jwks_uri: 'https://keys.test/' })],
    ['names no keys', async () => ({ issuer: ISSUER })],
    [
      'has no list of keys',
      async (url) => (url.endsWith('n') ? { issuer: ISSUER, jwks_uri: 'https://k' } : { keys: 1 }),
    ],
  ])('cannot be had when it %s, and it is not asked by every token', async (_, answer) => {
    const issuer = new Issuer();
    issuer.answer = answer;
    const token = await sign({});
    await expect(issuer.verify(token)).rejects.toMatchObject({ name: 'IssuerError' });
    const asked = issuer.asked.length;
    await expect(issuer.verify(token)).rejects.toMatchObject({ name: 'IssuerError' });
    expect(issuer.asked).toHaveLength(asked);
    issuer.now += 30_000;
    await expect(issuer.verify(token)).rejects.toMatchObject({ name: 'IssuerError' });
    expect(issuer.asked.length).toBeGreaterThan(asked);
  });

  it('are believed on when they are old and no others can be had', async () => {
    const issuer = new Issuer();
    const token = await sign({ exp: SECONDS + 100_000 });
    await issuer.verify(token);
    issuer.now += 7_200_000;
    issuer.answer = () => Promise.reject(new Error('away'));
    expect(await issuer.verify(token)).toMatchObject({ claims: { aud: 'shop' } });
  });

  it('are no secrets', async () => {
    const issuer = new Issuer();
    const secret = Buffer.from('s'.repeat(32));
    issuer.answer = async (url) =>
      url.endsWith('openid-configuration')
        ? { issuer: ISSUER, jwks_uri: 'https://keys.test/' }
        : { keys: [{ kty: 'oct', k: secret.toString('base64url'), kid: 'one', alg: 'HS256' }, null, 7] };
    const token = await new SignJWT({ iss: ISSUER, aud: 'shop', exp: SECONDS + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(secret);
    expect(await issuer.verify(token)).toBe('invalid');
  });
});
