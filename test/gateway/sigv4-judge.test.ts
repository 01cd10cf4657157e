import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClaim } from '../../runtime/gateway/auth/authorization.ts';
import { assertSigned } from '../../runtime/gateway/auth/signature.ts';
import { type RequestHead, toRequestHead } from '../../runtime/gateway/request-head.ts';
import { createSigner, KEY } from './fixture.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

const text = fc.string({ unit: fc.constantFrom(...'aZ0 +/%&=?-_.~!\'()*:@é€"'), maxLength: 8 });
const query = fc.dictionary(
  text.filter((name) => name !== ''),
  fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
  { maxKeys: 4 },
);
const segment = fc.oneof(fc.constantFrom('', '.', '..', 'hello%3A%24LATEST', "it's(a)*"), text.map(encodeURIComponent));
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);
const value = fc.string({ unit: fc.constantFrom(...'aZ0  \t,;="'), maxLength: 12 });
const headers = fc.record(
  { 'content-type': value, 'x-amz-log-type': value, 'x-amz-client-context': value, 'user-agent': value, te: value },
  { requiredKeys: [] },
);
const request = fc.record({
  ...{ path, query, headers },
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  body: fc.string({ maxLength: 30 }),
  service: fc.constantFrom('lambda', 'sqs'),
  region: fc.constantFrom('us-east-1', 'eu-central-1'),
});

/** As it stands on the wire: what no URL may hold is encoded, in the encoding that a client chose. */
function toHead(
  { method, path, headers }: { method: string; path: string; headers: Readonly<Record<string, string>> },
  sent: Readonly<Record<string, string | readonly string[] | null>>,
): RequestHead {
  const pairs = Object.entries(sent).flatMap(([name, values]) =>
    [values ?? ''].flat().map((each) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`),
  );
  const headerLines = Object.entries(headers).flat();
  return toRequestHead({
    ...{ method, headerLines, sourceIp: '', protocol: 'HTTP/1.1' },
    target: `${path}?${pairs.join('&')}`,
  });
}

describe("what AWS's own signer signs", () => {
  const wire = { protocol: 'http:', hostname: 'localhost' };

  it('is found signed', async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ service, region, ...asked }) => {
        const of = { ...wire, ...asked, headers: { host: 'localhost', ...asked.headers } };
        const signed = await createSigner(service, KEY, region).sign(of, { signingDate: NOW });
        const head = toHead({ ...asked, headers: signed.headers }, asked.query);
        expect(() => assertSigned(parseClaim(head), KEY.secretAccessKey, head, Buffer.from(asked.body))).not.toThrow();
        expect(() => assertSigned(parseClaim(head), 'another', head, Buffer.from(asked.body))).toThrow(
          'does not match',
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('is found presigned', async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ service, region, ...asked }) => {
        const of = { ...wire, ...asked, headers: { host: 'localhost' } };
        const signed = await createSigner(service, KEY, region).presign(of, { signingDate: NOW, expiresIn: 60 });
        const head = toHead({ ...asked, headers: { host: 'localhost' } }, signed.query ?? {});
        expect(() => assertSigned(parseClaim(head), KEY.secretAccessKey, head, Buffer.from(asked.body))).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });
});
