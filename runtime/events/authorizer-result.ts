import { isRecord } from './http-head.ts';

/** What an authorizer's function answers. */
export interface AuthorizerSaid {
  readonly says: boolean | { readonly policy: unknown };
  readonly context?: Readonly<Record<string, unknown>>;
  /** Whom a policy is about. */
  readonly principalId?: string;
}

const MOST_BYTES = 65_536;

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
  if (!isRecord(result)) return undefined;
  const { isAuthorized, policyDocument, principalId } = result;
  const context = isRecord(result.context) ? { context: result.context } : {};
  if (kind === 'simple') return typeof isAuthorized === 'boolean' ? { says: isAuthorized, ...context } : undefined;
  if (!isRecord(policyDocument) || typeof principalId !== 'string') return undefined;
  return { says: { policy: policyDocument }, principalId, ...context };
}
