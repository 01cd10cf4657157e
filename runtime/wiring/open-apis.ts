import { type ApisDeps, type ApisPart, openApis as open } from '../apis/index.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import { evaluate } from '../identity/policy/evaluate.ts';
import { parsePolicy } from '../identity/policy/parse-policy.ts';
import { prepare } from '../identity/policy/prepare.ts';
import { createOutbound } from './outbound.ts';

/** How long an issuer has to answer, in milliseconds, and what it may say, in bytes. */
const ISSUER_MS = 5_000;
const ISSUER_BYTES = 262_144;

export async function openApis({
  privateHosts,
  ...deps
}: Pick<ApisDeps, 'resources' | 'fixed'> & { readonly privateHosts: readonly string[] }): Promise<ApisPart> {
  return open({ ...deps, clock: Date.now, fetchJson: createFetchJson(privateHosts), permits });
}

function createFetchJson(privateHosts: readonly string[]): ApisDeps['fetchJson'] {
  const ask = createOutbound({ privateHosts });
  return async (url) => {
    const request = { method: 'GET', headers: [['accept', 'application/json'] as const], body: new Uint8Array() };
    const { status, body } = await ask(url, request, AbortSignal.timeout(ISSUER_MS));
    if (status !== 200) throw new Error(`${url} answers ${status}`);
    if (body.byteLength > ISSUER_BYTES) throw new Error(`${url} answers more than ${ISSUER_BYTES} bytes`);
    return JSON.parse(Buffer.from(body).toString());
  };
}

/** What a guest's policy may have, in characters, and how long it may be compared: characters of the policy times those of the ARN. */
const POLICY_LENGTH = 8_192;
const COMPARED = 2_000_000;

/**
 * What the policy that a Lambda authorizer answers says of a request. Throws for what is no policy, and for one that would hold up
 * everyone else while it is compared: guests write them.
 */
export function permits(document: unknown, arn: string): boolean {
  const text = JSON.stringify(document) ?? '';
  if (text.length > POLICY_LENGTH) throw new Error(`it has more than ${POLICY_LENGTH} characters.`);
  if (text.length * arn.length > COMPARED) throw new Error('it is too long for a path as long as this one.');
  const policy: PolicyDocument = parsePolicy(text, 'identity');
  const question = { principal: { kind: 'anonymous' }, action: 'execute-api:Invoke', resource: arn } as const;
  return evaluate([policy], prepare(question, Date.now())) === 'allowed';
}
