import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import { exchange } from './exchange.ts';
import type { AccessKey } from './query-client.ts';

/** An answer of AWS's JSON protocols. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One signed operation, as clients send it. `target` such as `AmazonSQS.SendMessage`; a text is sent as it is. */
export async function callJson(
  url: string,
  key: AccessKey,
  target: string,
  input: Readonly<Record<string, unknown>> | string,
  { service = 'sqs', region = 'us-east-1', path = '/' }: { service?: string; region?: string; path?: string } = {},
): Promise<JsonAnswer> {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  const headers = {
    host: new URL(url).host,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': target,
    'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
  };
  const signer = new SignatureV4({ service, region, credentials: key, sha256: NodeSha256 });
  const request = { method: 'POST', protocol: 'http:', hostname: 'localhost', path, query: {}, headers, body };
  const signed = await signer.sign(request);
  const answer = await exchange(url, { method: 'POST', path, headers: signed.headers, body });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body.toString()) };
}
