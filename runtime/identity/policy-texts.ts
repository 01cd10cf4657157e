import type { PolicyDocument } from '../contract/policy-document.ts';
import { IdentityError } from './identity-error.ts';
import { MalformedPolicy } from './policy/malformed-policy.ts';
import { type PolicyUse, parsePolicy } from './policy/parse-policy.ts';

/** Most characters of a policy, white space left out, by what it belongs to. */
export const POLICY_LENGTHS = { trust: 2_048, managed: 6_144, role: 10_240, user: 2_048 } as const;

/** Throws a MalformedPolicyDocument for a text that is no policy for this use. */
export function assertPolicy(text: string, use: PolicyUse): void {
  try {
    parsePolicy(text, use);
  } catch (error) {
    if (!(error instanceof MalformedPolicy)) throw error;
    throw new IdentityError('MalformedPolicyDocument', error.message);
  }
}

/** How long a policy is where it counts: white space is free. */
export function policyLength(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** The policies of texts that were checked before they were stored; each is parsed once as long as its owner stays as it is. */
export class ParsedPolicies {
  readonly #parsed = new WeakMap<object, readonly PolicyDocument[]>();

  of(owner: object, use: PolicyUse, texts: () => readonly string[]): readonly PolicyDocument[] {
    let parsed = this.#parsed.get(owner);
    if (parsed === undefined) {
      parsed = texts().map((text) => parsePolicy(text, use));
      this.#parsed.set(owner, parsed);
    }
    return parsed;
  }
}
