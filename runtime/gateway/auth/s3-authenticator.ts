import type { Principal } from '../../contract/authorizer.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/scope.ts';
import type { RequestHead } from '../request-head.ts';
import type { CredentialLookup } from './authenticator.ts';
import { parseClaim, peekRegion, type SignatureClaim } from './authorization.ts';
import { assertFresh } from './freshness.ts';
import { assertSignature } from './signature.ts';
import { toSigningKey } from './signing-key.ts';
import { SpentSignatures } from './spent-signatures.ts';

/** What signs the chunks of a body, each on top of the one before. */
export interface ChunkSigning {
  readonly key: Buffer;
  readonly longDate: string;
  /** `20260301/us-east-1/s3/aws4_request`. */
  readonly scope: string;
  /** The signature of the request, which the first chunk's is on top of. */
  readonly seed: string;
}

/** What the request says of its body: a hash that the body must have, or that it comes in chunks, or nothing. */
export type S3Payload =
  | { readonly kind: 'hashed'; readonly hash: string }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'chunked'; readonly signing?: ChunkSigning; readonly hasTrailer: boolean };

/** Who made a request to S3; its signature holds for all but the body. */
export interface S3Caller {
  readonly scope: Scope;
  /** Root when authentication is off. */
  readonly principal: Principal;
  readonly payload: S3Payload;
}

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const CHUNKED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const CHUNKED_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const CONTENT_HASH = 'x-amz-content-sha256';

/** Throws a LambdaError for a request that is not signed by someone we know, for S3, about now. */
export function createS3Authenticate(deps: {
  readonly config: { readonly auth: 'on' | 'off'; readonly region: string; readonly accountId: string };
  readonly credentials: CredentialLookup;
  readonly clock: () => number;
}): (head: RequestHead) => Promise<S3Caller> {
  const { accountId, region, auth } = deps.config;
  const spent = new SpentSignatures();
  return async (head) => {
    if (auth === 'off') {
      const scope = { region: peekRegion(head) ?? region, accountId };
      const payload = toPayload(head.headers[CONTENT_HASH] ?? UNSIGNED, undefined);
      return { scope, principal: { kind: 'root', accountId }, payload };
    }
    const claim = parseClaim(head);
    const credential = await deps.credentials(claim.accessKeyId);
    if (credential === undefined) {
      const text = 'The AWS Access Key Id you provided does not exist in our records.';
      throw new LambdaError('UnrecognizedClientException', text);
    }
    if (claim.service !== 's3') {
      throw new LambdaError('IncompleteSignatureException', `incorrect service "${claim.service}". It must be "s3".`);
    }
    assertFresh(claim, deps.clock());
    assertSignedAmz(claim, head);
    const { secretAccessKey, principal } = credential;
    const payloadHash = payloadHashOf(claim, head);
    assertSignature(claim, secretAccessKey, head, payloadHash);
    if (claim.kind === 'header' && !['GET', 'HEAD'].includes(head.method)) spent.spend(claim.signature, deps.clock());
    const payload = toPayload(payloadHash, toSigning(claim, secretAccessKey));
    return { scope: { region: claim.region, accountId }, principal, payload };
  };
}

/** What somebody adds on the way must not count. */
function assertSignedAmz({ signedHeaders }: SignatureClaim, { headers }: RequestHead): void {
  const loose = Object.keys(headers).find((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  if (loose === undefined) return;
  const text = `There were headers present in the request which were not signed: ${loose}`;
  throw new LambdaError('AccessDeniedException', text);
}

function payloadHashOf({ kind }: SignatureClaim, { headers }: RequestHead): string {
  const declared = headers[CONTENT_HASH];
  if (declared !== undefined) return declared;
  if (kind === 'query') return UNSIGNED;
  throw new LambdaError('ValidationException', `Missing required header for this request: ${CONTENT_HASH}`);
}

function toPayload(declared: string, signing: ChunkSigning | undefined): S3Payload {
  if (/^[0-9a-f]{64}$/.test(declared)) return { kind: 'hashed', hash: declared };
  const signed = signing === undefined ? {} : { signing };
  switch (declared) {
    case UNSIGNED:
      return { kind: 'unsigned' };
    case UNSIGNED_TRAILER:
      return { kind: 'chunked', hasTrailer: true };
    case CHUNKED:
      return { kind: 'chunked', ...signed, hasTrailer: false };
    case CHUNKED_TRAILER:
      return { kind: 'chunked', ...signed, hasTrailer: true };
    default:
      throw new LambdaError(
        'ValidationException',
        `${CONTENT_HASH} must be UNSIGNED-PAYLOAD, STREAMING-..., or a valid sha256 value.`,
      );
  }
}

function toSigning(claim: SignatureClaim, secretAccessKey: string): ChunkSigning {
  const { shortDate, region, service, longDate, signature } = claim;
  const scope = `${shortDate}/${region}/${service}/aws4_request`;
  return { key: toSigningKey(secretAccessKey, claim), longDate, scope, seed: signature };
}
