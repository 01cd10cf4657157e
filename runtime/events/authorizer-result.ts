import { isJsonObject } from '../contract/json.ts';

/** What an authorizer's function answers. */
export interface AuthorizerSaid {
  readonly says: boolean | { readonly policy: unknown };
  readonly context?: Readonly<Record<string, unknown>>;
  /** Whom a policy is about. */
  readonly principalId?: string;
}

const MOST_BYTES = 65_536;
/** What is read at any depth can be written only as deep as the stack is. */
const MOST_DEPTH = 64;

/**
 * Reads the result of a Lambda authorizer: `{ isAuthorized, context }` where its responses are simple, else `{ principalId,
 * policyDocument, context }`. Undefined for what is neither.
 */
export function fromAuthorizerResult(payload: Uint8Array, kind: 'simple' | 'policy'): AuthorizerSaid | undefined {
  if (payload.byteLength > MOST_BYTES) return undefined;
  let result: unknown;
  try {
    result = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
  if (!isJsonObject(result) || isDeeper(result, MOST_DEPTH)) return undefined;
  const { isAuthorized, policyDocument, principalId } = result;
  const context = isJsonObject(result.context) ? { context: result.context } : {};
  if (kind === 'simple') return typeof isAuthorized === 'boolean' ? { says: isAuthorized, ...context } : undefined;
  if (!isJsonObject(policyDocument) || typeof principalId !== 'string') return undefined;
  return { says: { policy: policyDocument }, principalId, ...context };
}

/** Level by level, as a guest may nest deeper than calls can. */
function isDeeper(value: unknown, most: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
