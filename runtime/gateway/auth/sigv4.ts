import { createHash, timingSafeEqual } from 'node:crypto';
import { LambdaError } from '../../contract/errors.ts';
import type { RequestHead } from '../request-head.ts';
import { mismatch, type SignatureClaim } from './authorization.ts';
import { NodeSha256 } from './node-sha256.ts';

/**
 * How far a signature's date may lie from ours, both ways, in minutes: as on AWS. It is also how long a recorded request that
 * changes nothing, an invocation among them, can be sent again.
 */
const SKEW_MINUTES: Readonly<Record<string, number>> = { iam: 15, lambda: 5, sts: 15 };
const USUAL_SKEW_MINUTES = 5;
const MINUTE_MS = 60_000;
export const LONGEST_SKEW_MS: number = Math.max(...Object.values(SKEW_MINUTES)) * MINUTE_MS;
/** The signer's work grows with the square of these; no client of the API sends more than a few. */
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
export async function assertSigned(
  claim: SignatureClaim,
  secretAccessKey: string,
  head: RequestHead,
  body: Uint8Array,
): Promise<void> {
  const declaredHash = head.headers['x-amz-content-sha256'];
  if (declaredHash !== undefined && declaredHash !== createHash('sha256').update(body).digest('hex')) throw mismatch();
  if (head.query.length > MOST_QUERY_PARAMETERS) throw mismatch();
  const headers: Record<string, string> = {};
  for (const name of claim.signedHeaders) {
    const value = head.headers[name];
    if (value === undefined) throw mismatch();
    headers[name] = value;
  }
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const signer = new SignatureV4({
    service: claim.service,
    region: claim.region,
    credentials: { accessKeyId: claim.accessKeyId, secretAccessKey },
    sha256: NodeSha256,
    applyChecksum: false,
  });
  const request = {
    method: head.method,
    protocol: 'http:',
    hostname: 'localhost',
    path: head.rawPath,
    query: toQueryBag(head, claim),
    headers,
    body,
  };
  const signedHeaders = new Set(claim.signedHeaders);
  const signingDate = new Date(claim.signedAt);
  const again =
    claim.kind === 'header'
      ? await signer.sign(request, { signingDate, signableHeaders: signedHeaders })
      : await signer.presign(request, {
          signingDate,
          signableHeaders: signedHeaders,
          unhoistableHeaders: signedHeaders,
          expiresIn: claim.expiresSeconds!,
        });
  const expected =
    claim.kind === 'header' ? again.headers.authorization!.slice(-64) : String(again.query?.['X-Amz-Signature']);
  if (!timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(claim.signature, 'hex'))) throw mismatch();
}

function toQueryBag(head: RequestHead, claim: SignatureClaim): Record<string, string | string[]> {
  const bag = new Map<string, string | string[]>();
  for (const [name, value] of head.query) {
    if (claim.kind === 'query' && name === 'X-Amz-Signature') continue;
    // The signer drops any spelling of this name, which would leave the parameter open to change.
    if (name.toLowerCase() === 'x-amz-signature') throw mismatch();
    const earlier = bag.get(name);
    bag.set(name, earlier === undefined ? value : [...[earlier].flat(), value]);
  }
  return Object.fromEntries(bag);
}

export function toLongDate(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '')}`;
}
