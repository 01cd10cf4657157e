import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createObjectSource, type ObjectSourceOptions } from '../../runtime/store/s3/object-source.ts';
import { refuse, S3_KEY, S3_REGION, type S3Server, startS3 } from '../support/s3-server.ts';

const NO_KEY =
  'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.';

describe('an object', () => {
  let s3: S3Server;
  beforeEach(async () => {
    s3 = await startS3();
    s3.objects.set('bucket/key', Buffer.from('content'));
  });
  afterEach(() => s3.close());

  const read = async (key = 'key', more: Partial<ObjectSourceOptions> = {}, bucket = 'bucket', version?: string) => {
    const options = { endpoint: new URL(s3.url), region: S3_REGION, credentials: S3_KEY, ...more };
    const name = { bucket, key, ...(version === undefined ? {} : { version }) };
    return Buffer.from(await createObjectSource(options)(name)).toString();
  };

  it('is read with a signature that the server accepts', async () => {
    expect(await read()).toBe('content');
  });

  it.each(['a b/c+d.zip', "größe/(1)!*'~.zip", 'a/../key', './key', 'a//b', '100%/?x=1#y', '%2e%2e/key'])(
    'is named %j to the server, to the letter',
    async (key) => {
      s3.objects.set(`bucket/${key}`, Buffer.from('odd'));
      expect(await read(key)).toBe('odd');
    },
  );

  it('is read in the version that is asked for', async () => {
    s3.objects.set('bucket/key?versionId=v 1/=', Buffer.from('old'));
    expect(await read('key', {}, 'bucket', 'v 1/=')).toBe('old');
    expect(s3.requests).toEqual(['/bucket/key?versionId=v%201%2F%3D']);
  });

  it('is read without a signature where there is no key', async () => {
    s3.answers.set('/bucket/key', (response) => void response.end(JSON.stringify(response.req.headers)));
    const { endpoint, region } = { endpoint: new URL(s3.url), region: S3_REGION };
    const bytes = await createObjectSource({ endpoint, region })({ bucket: 'bucket', key: 'key' });
    expect(JSON.parse(Buffer.from(bytes).toString())).not.toHaveProperty('authorization');
  });

  it.each<[string, string, string, string]>([
    ['no such key', 'bucket', 'nothing', NO_KEY],
    [
      'no such bucket',
      'nobody',
      'key',
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    ],
  ])("that is not there is told in Lambda's words: %s", async (_, bucket, key, message) => {
    await expect(read(key, {}, bucket)).rejects.toMatchObject({ code: 'InvalidParameterValueException', message });
  });

  it('is refused to another key, with what the server says of it', async () => {
    const credentials = { ...S3_KEY, secretAccessKey: 'other' };
    await expect(read('key', { credentials })).rejects.toThrow(
      'S3 Error Code: SignatureDoesNotMatch. S3 Error Message: The signature & the key.',
    );
  });

  it('is not looked for elsewhere', async () => {
    s3.answers.set(
      '/bucket/key',
      (response) => void response.writeHead(302, { location: `${s3.url}/bucket/other` }).end(),
    );
    s3.answers.set('/bucket/301', (response) => void response.writeHead(301, { location: s3.url }).end());
    await expect(read()).rejects.toThrow('S3 Error Code: InternalError');
    await expect(read('301')).rejects.toThrow('S3 Error Code: PermanentRedirect');
    expect(s3.requests).toHaveLength(2);
  });

  it('is no larger than it may be, whatever it declares', async () => {
    const tooLarge = 'Unzipped size must be smaller than 100 bytes';
    s3.objects.set('bucket/key', Buffer.alloc(101));
    await expect(read('key', { mostBytes: 100 })).rejects.toThrow(tooLarge);
    s3.answers.set('/bucket/endless', (response) => {
      const more = (): void => void response.write(Buffer.alloc(65_536), () => setImmediate(more));
      more();
    });
    await expect(read('endless', { mostBytes: 100 })).rejects.toThrow(tooLarge);
    s3.objects.set('bucket/key', Buffer.alloc(100));
    expect(await read('key', { mostBytes: 100 })).toHaveLength(100);
  });

  it('must come in time', async () => {
    s3.answers.set('/bucket/silent', () => undefined);
    s3.answers.set('/bucket/slow', (response) => void response.writeHead(200, { 'content-length': 9 }).write('x'));
    for (const key of ['silent', 'slow']) {
      await expect(read(key, { timeoutMs: 50 })).rejects.toMatchObject({
        code: 'ServiceException',
        message: expect.stringContaining('it took too long'),
      });
    }
  });

  it('must come whole, from a server that is there and speaks HTTP', async () => {
    s3.answers.set('/bucket/cut', (response) => {
      response.writeHead(200, { 'content-length': 9 });
      response.write('x', () => response.destroy());
    });
    s3.answers.set('/bucket/odd', (response) => void response.socket?.end('hello\r\n\r\n'));
    for (const key of ['cut', 'odd']) await expect(read(key)).rejects.toMatchObject({ code: 'ServiceException' });
    await s3.close();
    await expect(read()).rejects.toThrow('The object store did not answer: ECONNREFUSED.');
  });

  it('is refused in few and harmless words, whatever the server says', async () => {
    s3.answers.set('/bucket/key', (response) => refuse(response, 400, '<b>x</b>', `a\u0000\u2028${'y'.repeat(5_000)}`));
    s3.answers.set('/bucket/long', (response) => void response.writeHead(500).end('<'.repeat(1_000_000)));
    s3.answers.set('/bucket/404', (response) => void response.writeHead(404).end('not here'));
    const failure = (await read().catch((error: unknown) => error)) as Error;
    expect(failure.message.length).toBeLessThan(500);
    expect(failure.message).toContain('S3 Error Code: InternalError');
    await expect(read('long')).rejects.toThrow('The object store answered with status 500.');
    await expect(read('404')).rejects.toThrow(NO_KEY);
  });

  it('is read with few others at a time', async () => {
    let most = 0;
    const held: (() => void)[] = [];
    const source = createObjectSource({ endpoint: new URL(s3.url), region: S3_REGION });
    s3.answers.set('/bucket/held', (response) => {
      held.push(() => response.end('x'));
      most = Math.max(most, held.length);
    });
    const all = Array.from({ length: 6 }, () => source({ bucket: 'bucket', key: 'held' }));
    while (s3.requests.length < 6 || held.length > 0) {
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await Promise.all(all)).map((bytes) => Buffer.from(bytes).toString())).toEqual(Array(6).fill('x'));
    expect(most).toBeLessThanOrEqual(2);
  });
});
