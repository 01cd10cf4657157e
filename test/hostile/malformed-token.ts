import { createHmac } from 'node:crypto';
import fc from 'fast-check';

const { constantFrom: one, jsonValue, oneof, record, string, tuple } = fc;
const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Tokens that an issuer with one RSA key has not signed, as `Authorization` has them. `secret`: what a key that is public may be mistaken for. */
export function malformedToken({
  issuer,
  secret,
}: {
  readonly issuer: string;
  readonly secret: string;
}): fc.Arbitrary<string> {
  const header = record(
    {
      alg: one<unknown>(
        'none',
        'None',
        'HS256',
        'RS256',
        'PS512',
        'ES256',
        'EdDSA',
        '',
        null,
        1,
        ['RS256'],
        '__proto__',
      ),
      kid: one<unknown>('k', 'x', '', null, 7, {}, '__proto__', '../../dev/null', 'x'.repeat(2_000), "' OR 1=1"),
      typ: one<unknown>('JWT', 'at+jwt', 1, null),
      crit: one<unknown>(['exp'], ['b64'], [], 'exp', ['__proto__']),
      b64: fc.boolean(),
      jku: one('http://127.0.0.1:1/', 'file:///etc/passwd'),
      jwk: one<unknown>({ kty: 'oct', k: encode(secret) }, {}, null),
      x5u: one('http://169.254.169.254/'),
    },
    { requiredKeys: [] },
  );
  const now = Math.floor(Date.now() / 1_000);
  const claims = record(
    {
      iss: one<unknown>(issuer, `${issuer}/`, 'x', null, [issuer]),
      aud: one<unknown>('a', ['a'], {}, { toString: 1 }, null, [{ toString: 1 }]),
      exp: one<unknown>(now + 300, now - 300, 1e308, -1, 'x', null, {}),
      nbf: one<unknown>(now + 300, 'x', {}),
      iat: one<unknown>(now + 300, 'x'),
      scope: one<unknown>('a b', 7, [{ toString: 1 }]),
      x: jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: [] },
  );
  const part = oneof(
    { weight: 4, arbitrary: claims.map(encode) },
    one('', '!', '{}', encode('{'), encode('[]'), encode('null'), encode(`${'['.repeat(3_000)}${']'.repeat(3_000)}`)),
    string({ maxLength: 12 }).map(encode),
  );
  const token = tuple(oneof({ weight: 4, arbitrary: header.map(encode) }, part), part, one('', 'AAAA', 'hmac')).map(
    ([head, body, signature]) => {
      const signed = `${head}.${body}`;
      return `${signed}.${signature === 'hmac' ? createHmac('sha256', secret).update(signed).digest('base64url') : signature}`;
    },
  );
  const bare = one(
    '',
    '.',
    '..',
    '...',
    'null',
    '{}',
    'x'.repeat(9_000),
    '.'.repeat(9_000),
    'a.'.repeat(4_000),
    '\u00ff.\u00ff.\u00ff',
  );
  return tuple(one('Bearer ', 'bearer ', '', 'Bearer  ', 'Basic '), oneof({ weight: 5, arbitrary: token }, bare)).map(
    (parts) => parts.join(''),
  );
}
