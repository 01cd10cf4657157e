import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtAuthorizerRecord } from '../api-record.ts';
import { IssuerError, type KeySets } from './key-sets.ts';
import type { KnownTokens } from './known-tokens.ts';

/** What a token that holds says, as events tell it: every claim is a text. */
export interface VerifiedToken {
  readonly claims: Readonly<Record<string, string>>;
  /** Null of a route that asks for none. */
  readonly scopes: readonly string[] | null;
}

export interface VerifyTokenDeps {
  readonly keySets: KeySets;
  readonly known: KnownTokens;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Signatures by keys that are public: no secret is shared with an issuer. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/**
 * Verifies a token for an authorizer, and that it has one of the scopes that a route asks for. `invalid`: it is none, expired, not
 * yet valid, or of another issuer or audience; `unscoped`: it holds, and has none of the scopes. Rejects with an IssuerError when
 * there are no keys to verify it by.
 * Source: "Control access to HTTP APIs with JWT authorizers".
 */
export async function verifyToken(
  token: string,
  { issuer, audience }: JwtAuthorizerRecord,
  { scopes = [], ...deps }: VerifyTokenDeps & { readonly scopes?: readonly string[] | undefined },
): Promise<VerifiedToken | 'invalid' | 'unscoped'> {
  const payload = await read(token.replace(/^bearer +/i, ''), issuer, deps);
  const { now } = deps;
  if (payload === undefined || !isFor(payload, audience) || !isOfPast(payload.iat, now)) return 'invalid';
  const owned = scopesOf(payload);
  if (scopes.length > 0 && !scopes.some((scope) => owned.includes(scope))) return 'unscoped';
  const claims = toTexts(payload);
  if (claims === undefined) return 'invalid';
  return { claims, scopes: scopes.length === 0 ? null : scopes.filter((scope) => owned.includes(scope)) };
}

async function read(token: string, issuer: string, deps: VerifyTokenDeps): Promise<JWTPayload | undefined> {
  const { known, now } = deps;
  const before = known.find(issuer, token, now);
  if (before !== undefined) return before;
  const payload = await readAnew(token, issuer, deps);
  if (payload !== undefined) known.keep(issuer, token, payload, now);
  return payload;
}

async function readAnew(
  token: string,
  issuer: string,
  { keySets, now }: VerifyTokenDeps,
): Promise<JWTPayload | undefined> {
  const check = { issuer, algorithms: ALGORITHMS, requiredClaims: ['exp'], currentDate: new Date(now) };
  const verify = async (keys: JWTVerifyGetKey): Promise<JWTPayload> => (await jwtVerify(token, keys, check)).payload;
  try {
    return await verify(await keySets.keysOf(issuer));
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw toIssuerError(issuer, error);
    const newer = error instanceof errors.JWKSNoMatchingKey ? await keySets.newerKeysOf(issuer) : undefined;
    return newer && verify(newer).catch((again: unknown) => undefinedIfRefused(issuer, again));
  }
}

function undefinedIfRefused(issuer: string, error: unknown): undefined {
  if (!(error instanceof errors.JOSEError)) throw toIssuerError(issuer, error);
}

/** What is not the token's fault is that of the keys, such as one that is too short. */
function toIssuerError(issuer: string, error: unknown): IssuerError {
  if (error instanceof IssuerError) return error;
  return new IssuerError(`the keys of ${issuer} cannot be used: ${(error as Error).message}`);
}

/** By `aud`, or by `client_id` where there is no `aud`. */
function isFor({ aud, client_id: clientId }: JWTPayload, audience: readonly string[]): boolean {
  return [aud ?? clientId ?? []].flat().some((each) => isPlain(each) && audience.includes(String(each)));
}

/** What is no object: an object may say itself, and wrongly, how it becomes a text. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isOfPast(issuedAt: number | undefined, now: number): boolean {
  return issuedAt === undefined || issuedAt * 1_000 <= now + SKEW_MS;
}

/** An issuer's clock may be ahead by the second that whole seconds are coarse. */
const SKEW_MS = 1_000;

function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  const given = scope ?? scp;
  if (Array.isArray(given)) return given.filter(isPlain).map(String);
  return typeof given === 'string' ? given.split(' ') : [];
}

/** Undefined for claims that are nested deeper than they can be written. */
function toTexts(payload: JWTPayload): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, toText(value)]));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toText).join(' ')}]`;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
