import { describe, expect, it } from 'vitest';
import { createAuthenticate } from '../../runtime/gateway/auth/authenticator.ts';
import { LINK_SECONDS } from '../../runtime/gateway/auth/presign.ts';
import { type RequestHead, toRequestHead } from '../../runtime/gateway/request-head.ts';
import { KEY, ROOT, sign } from './fixture.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const PATH = '/packages/us-east-1/hello/abc';

function headOf(target: string, headers: Record<string, string>): RequestHead {
  const headerLines = Object.entries(headers).flat();
  return toRequestHead({ method: 'GET', target, headerLines, sourceIp: '127.0.0.1', protocol: 'HTTP/1.1' });
}

describe('a presigned link', () => {
  let now = NOW;
  const authenticate = createAuthenticate({
    config: { auth: 'on', region: 'us-east-1', accountId: '000000000000' },
    credentials: (id) =>
      id === KEY.accessKeyId ? { secretAccessKey: KEY.secretAccessKey, principal: ROOT } : undefined,
    clock: () => now,
  });

  it.each([
    ['at once', 0, undefined],
    ['until it expires', LINK_SECONDS * 1000, undefined],
    ['and no longer', LINK_SECONDS * 1000 + 1000, 'InvalidSignatureException'],
  ])('can be followed %s', async (_when, elapsed, code) => {
    now = NOW;
    const signed = await sign({ method: 'GET', path: PATH, date: new Date(now) });
    const target = await (await authenticate(headOf(PATH, signed), ['lambda'])).presign(PATH);
    now = NOW + elapsed;
    const follow = async (): Promise<void> => {
      const caller = await authenticate(headOf(target, { host: 'localhost' }), ['lambda']);
      caller.verify(new Uint8Array(0));
    };
    if (code === undefined) await expect(follow()).resolves.toBeUndefined();
    else await expect(follow()).rejects.toMatchObject({ code });
  });
});
