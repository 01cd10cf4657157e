import { readdirSync } from 'node:fs';
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
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { startTestProcesses, type TestProcesses } from '../support/processes.ts';
import { createS3Client } from '../support/s3-client.ts';

const Bucket = 'photos';
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
    const open = () => readdirSync('/proc/self/fd').length;
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
