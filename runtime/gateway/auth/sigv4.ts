import { hash, timingSafeEqual } from 'node:crypto';
import { LambdaError } from '../../contract/errors.ts';
import type { RequestHead } from '../request-head.ts';
import { ALGORITHM, mismatch, type SignatureClaim } from './authorization.ts';
import { toCanonicalRequest } from './canonical-request.ts';
import { hmac, toSigningKey } from './signing-key.ts';

/**
 * How far a signature's date may lie from ours, both ways, in minutes: as on AWS. It is also how long a recorded request that
 * changes nothing, an invocation among them, can be sent again.
 */
const SKEW_MINUTES: Readonly<Record<string, number>> = { iam: 15, lambda: 5, sts: 15 };
const USUAL_SKEW_MINUTES = 5;
const MINUTE_MS = 60_000;
export const LONGEST_SKEW_MS: number = Math.max(...Object.values(SKEW_MINUTES)) * MINUTE_MS;
/** No client of the API sends more than a few. */
const MOST_QUERY_PARAMETERS = 200;

/** Refuses a claim whose date is too far off or whose presigned URL has expired. Needs no body and no secret. */
export function assertFresh(claim: SignatureClaim, now: number): void {
  const age = now - claim.signedAt;
  const minutes = SKEW_MINUTES[claim.service] ?? USUAL_SKEW_MINUTES;
  const skew = minutes * MINUTE_MS;
  if (age < -skew) {
    const limit = `${toLongDate(now + skew)} (${toLongDate(now)} + ${minutes} min.)`;
    throw new LambdaError(
      'InvalidSignatureException',
      `Signature not yet current: ${claim.longDate} is still later than ${limit}`,
    );
  }
  if (claim.kind === 'header' && age > skew) {
    const limit = `${toLongDate(now - skew)} (${toLongDate(now)} - ${minutes} min.)`;
    throw new LambdaError(
      'InvalidSignatureException',
      `Signature expired: ${claim.longDate} is now earlier than ${limit}`,
    );
  }
  if (claim.expiresSeconds !== undefined && age > claim.expiresSeconds * 1000) {
    throw new LambdaError(
      'InvalidSignatureException',
      `Signature expired: ${claim.longDate} is more than ${claim.expiresSeconds} seconds ago.`,
    );
  }
}

/**
 * Signs the request again with the looked-up secret and compares, in constant time. Every body must be covered:
 * like Lambda, we take no UNSIGNED-PAYLOAD, and an x-amz-content-sha256 that is not the body's hash is refused.
 */
export function assertSigned(
  claim: SignatureClaim,
  secretAccessKey: string,
  head: RequestHead,
  body: Uint8Array,
): void {
  const payloadHash = hash('sha256', body);
  const declaredHash = head.headers['x-amz-content-sha256'];
  if (declaredHash !== undefined && declaredHash !== payloadHash) throw mismatch();
  if (head.query.length > MOST_QUERY_PARAMETERS) throw mismatch();
  for (const name of claim.signedHeaders) if (head.headers[name] === undefined) throw mismatch();
  const { shortDate, region, service, longDate } = claim;
  const signed = { ...head, query: toSignedQuery(head, claim) };
  const request = hash('sha256', toCanonicalRequest(signed, claim.signedHeaders, payloadHash));
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

export function toLongDate(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '')}`;
}
