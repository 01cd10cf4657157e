import { hash, timingSafeEqual } from 'node:crypto';
import type { RequestHead } from '../request-head.ts';
import { ALGORITHM, mismatch, type SignatureClaim } from './authorization.ts';
import { toCanonicalRequest } from './canonical-request.ts';
import { hmac, toSigningKey } from './signing-key.ts';

/** The canonical request costs the square of a name's; no client of the API sends more than a few. */
const MOST_QUERY_PARAMETERS = 200;

/** Every body must be covered: like Lambda, we take no UNSIGNED-PAYLOAD, and an x-amz-content-sha256 that is not the body's hash is refused. */
export function assertSigned(
  claim: SignatureClaim,
  secretAccessKey: string,
  head: RequestHead,
  body: Uint8Array,
): void {
  const payloadHash = hash('sha256', body);
  const declaredHash = head.headers['x-amz-content-sha256'];
  if (declaredHash !== undefined && declaredHash !== payloadHash) throw mismatch();
  assertSignature(claim, secretAccessKey, head, payloadHash);
}

/**
 * Makes the signature that the looked-up secret would give the request and compares, in constant time. `payloadHash` is what stands
 * for the body: its hash in hexadecimal, or what S3 has in its place.
 */
export function assertSignature(
  claim: SignatureClaim,
  secretAccessKey: string,
  head: RequestHead,
  payloadHash: string,
): void {
  if (head.query.length > MOST_QUERY_PARAMETERS) throw mismatch();
  for (const name of claim.signedHeaders) if (head.headers[name] === undefined) throw mismatch();
  const { shortDate, region, service, longDate } = claim;
  const signed = { ...head, query: toSignedQuery(head, claim) };
  const request = hash('sha256', toCanonicalRequest(signed, claim, payloadHash));
  const text = `${ALGORITHM}\n${longDate}\n${shortDate}/${region}/${service}/aws4_request\n${request}`;
  const expected = hmac(toSigningKey(secretAccessKey, claim), text);
  if (!timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'))) throw mismatch();
}

/** All of the query but the signature itself, where that stands there. */
function toSignedQuery({ query }: RequestHead, { kind }: SignatureClaim): RequestHead['query'] {
  return query.filter(([name]) => {
    if (kind === 'query' && name === 'X-Amz-Signature') return false;
    // Signers leave out any spelling of this name, which would let the parameter be changed.
    if (name.toLowerCase() === 'x-amz-signature') throw mismatch();
    return true;
  });
}
