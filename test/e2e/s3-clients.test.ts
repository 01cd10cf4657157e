import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import { hmac, toSigningKey } from '../../runtime/gateway/auth/signing-key.ts';
import { exchange, type WireAnswer } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { startTestProcesses, type TestProcesses } from '../support/processes.ts';
import { type AccessKey, readKey } from '../support/query-client.ts';
import { createS3Client } from '../support/s3-client.ts';

const Bucket = 'photos';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const LARGE = Buffer.alloc(5_000_000, 'Isola!');

describe('a client of S3 that goes away', () => {
  let isola: TestIsola;
  let s3: S3Client;
  beforeAll(async () => {
    isola = await startTestIsola();
    s3 = createS3Client(isola);
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: LARGE }));
  });
  afterAll(async () => {
    s3.destroy();
    await isola.stop();
  });
  const incoming = (): string[] => readdirSync(join(isola.dataDir, 'objects', 'incoming'));

  it('in the middle of an upload leaves what was there', async () => {
    const link = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'k' }));
    const upload = request(link, { method: 'PUT', headers: { 'content-length': 10_000_000 } });
    const broken = new Promise((resolve) => upload.on('error', resolve));
    upload.write(Buffer.alloc(1_000_000));
    await vi.waitFor(() => expect(incoming()).toHaveLength(1), { timeout: 60_000 });
    upload.destroy();
    await broken;
    await vi.waitFor(() => expect(incoming()).toEqual([]), { timeout: 60_000 });
    const { ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=0-0' }));
    expect(ContentLength).toBe(1);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Size }) => Size)).toEqual([LARGE.byteLength]);
  });

  it('in the middle of a download leaves nothing open', async () => {
    // Threads that start meanwhile have descriptors of their own.
    const open = () => openNames().filter((name) => /^socket:|objects/.test(name)).length;
    const link = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'k' }));
    const before = open();
    for (let round = 0; round < 5; round++) {
      const download = request(link, { agent: false });
      const response = new Promise<void>((resolve) => download.on('response', () => resolve()));
      download.on('error', () => undefined).end();
      await response;
      download.destroy();
    }
    await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(before + 1), { timeout: 60_000 });
  });
});

describe('a client of S3 that signs every chunk', () => {
  it('is believed as long as each is on top of the one before', async () => {
    const isola = await startTestIsola();
    const key = readKey(isola.running.credentialsFile);
    const s3 = createS3Client(isola);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const put = async (pieces: readonly string[], forge: (body: string) => string = (body) => body) => {
      const { status, body } = await exchangeSigned(isola.url, key, pieces, forge);
      return `${status} ${/<Code>(\w+)/.exec(body.toString())?.[1] ?? ''}`;
    };
    expect(await put(['a'.repeat(70_000), 'last'])).toBe('200 ');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await Body?.transformToString()).toBe(`${'a'.repeat(70_000)}last`);
    expect(await put(['other', 'last'], (body) => body.replace('other', 'forge'))).toBe('403 SignatureDoesNotMatch');
    expect((await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).ContentLength).toBe(70_004);
    s3.destroy();
    await isola.stop();
  });

  /** A PUT whose chunks are signed as AWS's documentation says. */
  async function exchangeSigned(
    url: string,
    key: AccessKey,
    pieces: readonly string[],
    forge: (body: string) => string,
  ): Promise<WireAnswer> {
    const signer = new SignatureV4({
      ...{ service: 's3', region: 'us-east-1', credentials: key, sha256: NodeSha256 },
      ...{ uriEscapePath: false, applyChecksum: false },
    });
    const headers = {
      ...{ host: new URL(url).host, 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      ...{ 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(pieces.join('').length) },
    };
    const path = `/${Bucket}/k`;
    const signed = await signer.sign({ method: 'PUT', protocol: 'http:', hostname: 'h', path, query: {}, headers });
    const longDate = String(signed.headers['x-amz-date']);
    const shortDate = longDate.slice(0, 8);
    const signing = toSigningKey(key.secretAccessKey, { shortDate, region: 'us-east-1', service: 's3' });
    let last = String(signed.headers.authorization).slice(-64);
    let body = '';
    for (const piece of [...pieces, '']) {
      const hashes = `${sha256('')}\n${sha256(piece)}`;
      const scope = `${shortDate}/us-east-1/s3/aws4_request`;
      last = hmac(signing, `AWS4-HMAC-SHA256-PAYLOAD\n${longDate}\n${scope}\n${last}\n${hashes}`).toString('hex');
      body += `${piece.length.toString(16)};chunk-signature=${last}\r\n${piece}\r\n`;
    }
    return exchange(url, { method: 'PUT', path, headers: signed.headers, body: forge(body) });
  }
});

describe('S3 without authentication', () => {
  it('is for everybody who comes to its host, or signs as if for it', async () => {
    const isola = await startTestIsola({ ISOLA_AUTH: 'off' });
    const headers = { host: `s3.localhost:${new URL(isola.url).port}` };
    const ask = (method: string, path: string, body = '') => exchange(isola.url, { method, path, headers, body });
    expect((await ask('PUT', `/${Bucket}`)).status).toBe(200);
    expect((await ask('PUT', `/${Bucket}/k`, 'hello')).status).toBe(200);
    expect((await ask('GET', `/${Bucket}/k`)).body.toString()).toBe('hello');
    const s3 = createS3Client(isola, { key: { accessKeyId: 'any', secretAccessKey: 'any' } });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'signed' }));
    s3.destroy();
    expect((await ask('GET', `/${Bucket}/k`)).body.toString()).toBe('signed');
    await isola.stop();
  });
});

describe('S3 of several processes', () => {
  let isola: TestProcesses;
  beforeAll(async () => {
    isola = await startTestProcesses();
  });
  afterAll(() => isola.stop());

  it('is one, through whichever of them', async () => {
    const { url, credentialsFile } = isola.server;
    const clients = Array.from({ length: 4 }, () => createS3Client({ url, running: { credentialsFile } }));
    // A bucket may be called like a path that fronts serve themselves.
    for (const name of ['url', Bucket]) {
      await clients[0]?.send(new CreateBucketCommand({ Bucket: name }));
      await Promise.all(
        clients.map((client, at) => client.send(new PutObjectCommand({ Bucket: name, Key: `k${at}`, Body: LARGE }))),
      );
      for (const client of clients) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key: 'k3' }));
        expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(LARGE)).toBe(true);
        expect((await client.send(new ListObjectsV2Command({ Bucket: name }))).KeyCount).toBe(4);
      }
    }
    for (const client of clients) client.destroy();
  });
});

function openNames(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // It was closed meanwhile.
      return [];
    }
  });
}
