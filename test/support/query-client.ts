import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import { exchange } from './exchange.ts';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An answer of the Query protocol: XML, of which `text` finds the first element of a name and `texts` all of them. */
export interface QueryAnswer {
  readonly status: number;
  readonly xml: string;
  text(element: string): string | undefined;
  texts(element: string): readonly string[];
}

const VERSIONS = { iam: '2010-05-08', sns: '2010-03-31', sqs: '2012-11-05', sts: '2011-06-15' } as const;

/** The root key of a data directory. */
export function readKey(credentialsFile: string): AccessKey {
  const text = readFileSync(credentialsFile, 'utf8');
  const read = (name: string) => new RegExp(`${name}\\s*=\\s*(\\S+)`).exec(text)?.[1] ?? '';
  return { accessKeyId: read('aws_access_key_id'), secretAccessKey: read('aws_secret_access_key') };
}

/** One signed operation, as clients send it. */
export async function query(
  url: string,
  key: AccessKey,
  service: keyof typeof VERSIONS,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
  { path = '/' }: { readonly path?: string } = {},
): Promise<QueryAnswer> {
  const body = new URLSearchParams({ Action: action, Version: VERSIONS[service], ...parameters }).toString();
  const headers = {
    host: new URL(url).host,
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
  };
  const signer = new SignatureV4({ service, region: 'us-east-1', credentials: key, sha256: NodeSha256 });
  const request = { method: 'POST', protocol: 'http:', hostname: 'localhost', path, query: {}, headers, body };
  const signed = await signer.sign(request);
  const answer = await exchange(url, { method: 'POST', path, headers: signed.headers, body });
  const xml = answer.body.toString();
  const texts = (element: string): readonly string[] =>
    [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text]) => text!);
  return { status: answer.status, xml, texts, text: (element) => texts(element)[0] };
}
