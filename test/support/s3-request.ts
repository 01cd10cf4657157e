import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import { exchange, type WireAnswer } from './exchange.ts';
import type { AccessKey } from './query-client.ts';

export interface S3RequestParts {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A request to S3 as its parts say, rightly signed: what is wrong with it is not its signature. */
export async function requestS3(url: string, key: AccessKey, parts: S3RequestParts): Promise<WireAnswer> {
  const { method, path, query = {}, headers = {}, body = '' } = parts;
  const signer = new SignatureV4({
    ...{ service: 's3', region: 'us-east-1', credentials: key, sha256: NodeSha256 },
    ...{ uriEscapePath: false, applyChecksum: false },
  });
  const hash = createHash('sha256').update(body).digest('hex');
  const stated = { host: new URL(url).host, 'x-amz-content-sha256': hash, ...headers };
  const signed = await signer.sign({
    ...{ method, protocol: 'http:', hostname: 'localhost', path, query, headers: stated, body },
  });
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  const target = pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
  return exchange(url, { method, path: target, headers: signed.headers, body });
}
