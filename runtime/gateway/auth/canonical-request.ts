import { getCanonicalHeaders, SignatureV4 } from '@smithy/signature-v4';
import type { RequestHead } from '../request-head.ts';
import { NodeSha256 } from './node-sha256.ts';

type Signed = Pick<RequestHead, 'method' | 'rawPath' | 'query' | 'headers'>;

/** AWS's signer, asked what it would sign: verifying needs that, and none of its promises. */
class Canonicalizer extends SignatureV4 {
  constructor(options: { readonly uriEscapePath?: boolean } = {}) {
    const credentials = { accessKeyId: '', secretAccessKey: '' };
    super({ service: '', region: '', credentials, sha256: NodeSha256, applyChecksum: false, ...options });
  }

  toText({ method, rawPath, query, headers }: Signed, payloadHash: string): string {
    const request = {
      ...{ method, protocol: 'http:', hostname: '', path: rawPath, headers },
      query: toBag(query),
    };
    const signable = new Set(Object.keys(headers));
    return this.createCanonicalRequest(request, getCanonicalHeaders(request, undefined, signable), payloadHash);
  }
}

const canonicalizer = new Canonicalizer();
/** S3 signs paths as they are sent. */
const canonicalizerOfS3 = new Canonicalizer({ uriEscapePath: false });

/**
 * What a signature covers: Signature Version 4's canonical request. `signedHeaders`: names in lower case, each of which the head
 * has; `payloadHash`: as `assertSignature` has it.
 */
export function toCanonicalRequest(
  head: Signed,
  { signedHeaders, service }: { readonly signedHeaders: readonly string[]; readonly service: string },
  payloadHash: string,
): string {
  const headers = Object.fromEntries(signedHeaders.map((name) => [name, head.headers[name] as string]));
  return (service === 's3' ? canonicalizerOfS3 : canonicalizer).toText({ ...head, headers }, payloadHash);
}

function toBag(query: RequestHead['query']): Record<string, string | string[]> {
  const bag = new Map<string, string | string[]>();
  for (const [name, value] of query) {
    const earlier = bag.get(name);
    bag.set(name, earlier === undefined ? value : [...[earlier].flat(), value]);
  }
  return Object.fromEntries(bag);
}
