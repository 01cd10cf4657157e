import { LambdaError } from '../../contract/errors.ts';
import type { SignatureClaim } from './authorization.ts';

/**
 * How far a signature's date may lie from ours, both ways, in minutes: as on AWS. It is also how long a recorded request that
 * changes nothing, an invocation among them, can be sent again.
 */
const SKEW_MINUTES: Readonly<Record<string, number>> = { iam: 15, lambda: 5, s3: 15, sts: 15 };
const USUAL_SKEW_MINUTES = 5;
const MINUTE_MS = 60_000;
export const LONGEST_SKEW_MS: number = Math.max(...Object.values(SKEW_MINUTES)) * MINUTE_MS;

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

export function toLongDate(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '')}`;
}
