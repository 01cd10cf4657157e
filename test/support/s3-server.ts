import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

export const S3_KEY = { accessKeyId: 'AKIAS3S3S3S3S3S3S3S3', secretAccessKey: 'object-secret' };
export const S3_REGION = 'eu-central-1';

/** A small server that speaks S3, path-style: it verifies signatures and serves objects. */
export interface S3Server {
  readonly url: string;
  /** By `bucket/key`, or `bucket/key?versionId=...`. */
  readonly objects: Map<string, Uint8Array>;
  /** By path: answers in the place of objects. */
  readonly answers: Map<string, (response: ServerResponse) => void>;
  /** Targets of the requests that came, oldest first. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  const objects = new Map<string, Uint8Array>();
  const answers: S3Server['answers'] = new Map();
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request.url ?? '');
    void answer(request, response).catch((error) => response.destroy(error as Error));
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    const special = answers.get(url);
    if (special) return special(response);
    if (!(await isSigned(request)))
      return refuse(response, 403, 'SignatureDoesNotMatch', 'The signature &amp; the key.');
    const name = decodeURIComponent(url.slice(1));
    const object = objects.get(name);
    if (object !== undefined) return void response.writeHead(200, { 'content-length': object.length }).end(object);
    const bucket = name.split('/')[0];
    const hasBucket = [...objects.keys()].some((key) => key.startsWith(`${bucket}/`));
    if (!hasBucket) return refuse(response, 404, 'NoSuchBucket', 'The specified bucket does not exist');
    refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ objects, answers, requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const document = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(document);
}

async function isSigned(request: IncomingMessage): Promise<boolean> {
  const { authorization = '', 'x-amz-date': date = '', 'x-amz-content-sha256': hash } = request.headers;
  const [, names = '', signature = ''] = /SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(authorization) ?? [];
  if (hash !== createHash('sha256').digest('hex') || !names.split(';').includes('host')) return false;
  const signer = new SignatureV4({
    ...{ service: 's3', region: S3_REGION, credentials: S3_KEY, sha256: Sha256, uriEscapePath: false },
  });
  const headers = Object.fromEntries(names.split(';').map((name) => [name, String(request.headers[name])]));
  const url = new URL(`http://s3${request.url}`);
  const { headers: again } = await signer.sign(
    {
      ...{
        method: request.method ?? '',
        protocol: 'http:',
        hostname: 's3',
        path: (request.url ?? '').split('?')[0] ?? '',
      },
      ...{ query: Object.fromEntries(url.searchParams), headers },
    },
    { signingDate: new Date(String(date).replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) },
  );
  const expected = String(again.authorization).slice(-64);
  return timingSafeEqual(Buffer.from(expected.padEnd(64)), Buffer.from(signature.padEnd(64)));
}
