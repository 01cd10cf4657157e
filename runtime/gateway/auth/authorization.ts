import { LambdaError } from '../../contract/errors.ts';
import type { RequestHead } from '../request-head.ts';

/** What a request claims about its signature, parsed but not yet believed. */
export interface SignatureClaim {
  /** Where it stood: in the Authorization header, or in the query of a presigned URL. */
  readonly kind: 'header' | 'query';
  readonly accessKeyId: string;
  /** `20260301`; equal to the first part of `longDate`. */
  readonly shortDate: string;
  readonly region: string;
  readonly service: string;
  /** `20260301T120000Z`. */
  readonly longDate: string;
  readonly signedAt: number;
  /** Names in lower case, in the order of the claim. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** Presigned only: seconds after `signedAt` until which the URL is good. */
  readonly expiresSeconds?: number;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
/** A week, SigV4's longest. */
const LONGEST_PRESIGN_SECONDS = 604_800;
const MOST_SIGNED_HEADERS = 100;
/** What the region may be: it becomes a part of ARNs and of host names. */
const REGION = /^[a-z0-9-]{1,64}$/;

/** Reads the claim of a request; throws what AWS answers when it is missing or malformed. */
export function parseClaim(head: RequestHead): SignatureClaim {
  const header = head.headers.authorization;
  if (header !== undefined) return parseHeaderClaim(header, head);
  if (head.query.some(([name]) => name === 'X-Amz-Algorithm')) return parseQueryClaim(head);
  throw new LambdaError('MissingAuthenticationTokenException', 'Missing Authentication Token');
}

/** The region of the credential scope, when there is a readable one: all that counts with authentication off. */
export function peekRegion(head: RequestHead): string | undefined {
  const region = peekScope(head)?.[1];
  return region !== undefined && REGION.test(region) ? region : undefined;
}

/** The service of the credential scope, believed or not. */
export function peekService(head: RequestHead): string | undefined {
  return peekScope(head)?.[2];
}

function peekScope(head: RequestHead): RegExpExecArray | undefined {
  const credential =
    /Credential=([^\s,]+)/.exec(head.headers.authorization ?? '')?.[1] ?? first(head, 'X-Amz-Credential') ?? '';
  return /^[^/]*\/\d{8}\/([^/]*)\/([^/]*)/.exec(credential) ?? undefined;
}

function parseHeaderClaim(header: string, head: RequestHead): SignatureClaim {
  const space = header.indexOf(' ');
  const algorithm = space === -1 ? header : header.slice(0, space);
  if (algorithm !== ALGORITHM) {
    throw incomplete(`Unsupported authorization algorithm; Authorization must begin with ${ALGORITHM}.`);
  }
  const parts = new Map<string, string>();
  for (const part of header.slice(space + 1).split(',')) {
    const [name = '', ...value] = part.trim().split('=');
    parts.set(name, value.join('='));
  }
  const longDate = head.headers['x-amz-date'];
  const lacking = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parts.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (longDate === undefined) {
    lacking.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (lacking.length > 0) throw incomplete(lacking.join(' '));
  const claim = toClaim({
    kind: 'header',
    credential: parts.get('Credential')!,
    signature: parts.get('Signature')!,
    signedHeaders: parts.get('SignedHeaders')!,
    longDate: longDate!,
  });
  if (!claim.signedHeaders.includes('x-amz-date')) {
    throw new LambdaError(
      'InvalidSignatureException',
      "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.",
    );
  }
  return claim;
}

function parseQueryClaim(head: RequestHead): SignatureClaim {
  const need = (name: string): string => {
    const values = head.query.filter(([key]) => key === name);
    const value = values[0]?.[1];
    if (values.length !== 1 || !value) throw incomplete(`AWS query-string parameters must include '${name}' once.`);
    return value;
  };
  if (need('X-Amz-Algorithm') !== ALGORITHM) throw incomplete(`X-Amz-Algorithm must be ${ALGORITHM}.`);
  const expires = need('X-Amz-Expires');
  if (!/^[1-9]\d{0,5}$/.test(expires) || Number(expires) > LONGEST_PRESIGN_SECONDS) {
    throw incomplete(`X-Amz-Expires must be a whole number from 1 to ${LONGEST_PRESIGN_SECONDS}.`);
  }
  const claim = toClaim({
    kind: 'query',
    credential: need('X-Amz-Credential'),
    signature: need('X-Amz-Signature'),
    signedHeaders: need('X-Amz-SignedHeaders'),
    longDate: need('X-Amz-Date'),
  });
  return { ...claim, expiresSeconds: Number(expires) };
}

interface RawClaim {
  readonly kind: 'header' | 'query';
  readonly credential: string;
  readonly signature: string;
  readonly signedHeaders: string;
  readonly longDate: string;
}

function toClaim(raw: RawClaim): SignatureClaim {
  const [accessKeyId, shortDate, region, service, terminator, ...more] = raw.credential.split('/');
  if (!accessKeyId || !shortDate || !region || !service || terminator !== 'aws4_request' || more.length > 0) {
    throw incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.');
  }
  if (!REGION.test(region)) {
    throw new LambdaError('InvalidSignatureException', 'Credential should be scoped to a valid region.');
  }
  const signedAt = parseLongDate(raw.longDate);
  if (signedAt === undefined) {
    throw incomplete("Date must be in ISO-8601 'basic format', e.g. 20260301T120000Z.");
  }
  if (raw.longDate.slice(0, 8) !== shortDate) {
    throw new LambdaError(
      'InvalidSignatureException',
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
    );
  }
  if (!/^[0-9a-f]{64}$/.test(raw.signature)) throw mismatch();
  const signedHeaders = raw.signedHeaders.split(';').map((name) => name.toLowerCase());
  if (!signedHeaders.includes('host')) {
    throw new LambdaError(
      'InvalidSignatureException',
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
  }
  if (signedHeaders.length > MOST_SIGNED_HEADERS)
    throw incomplete(`At most ${MOST_SIGNED_HEADERS} headers can be signed.`);
  const { kind, longDate, signature } = raw;
  return { kind, accessKeyId, shortDate, region, service, longDate, signedAt, signedHeaders, signature };
}

function parseLongDate(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const epoch = Date.parse(iso);
  return Number.isNaN(epoch) || new Date(epoch).toISOString() !== iso ? undefined : epoch;
}

function first(head: RequestHead, name: string): string | undefined {
  return head.query.find(([key]) => key === name)?.[1];
}

function incomplete(message: string): LambdaError {
  return new LambdaError('IncompleteSignatureException', message);
}

/** AWS's sentence for a signature that is not the one it computes. */
export function mismatch(): LambdaError {
  return new LambdaError(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}
