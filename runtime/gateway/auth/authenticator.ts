import type { Principal } from '../../contract/authorizer.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/scope.ts';
import type { RequestHead } from '../request-head.ts';
import { parseClaim, peekRegion } from './authorization.ts';
import { assertFresh } from './freshness.ts';
import { presignGet } from './presign.ts';
import { SpentSignatures } from './spent-signatures.ts';

/** The secret of an access key, and whose key it is. */
export interface Credential {
  readonly secretAccessKey: string;
  readonly principal: Principal;
}

/** Looks an access key up; undefined when nobody has it. At once where no store has to be asked, as for root's. */
export type CredentialLookup = (accessKeyId: string) => Credential | undefined | Promise<Credential | undefined>;

/** A caller whose claim holds as far as it can without the body. */
export interface Caller {
  readonly scope: Scope;
  /** Who signed; root when authentication is off. */
  readonly principal: Principal;
  /** Absent when authentication is off and the request was not signed. */
  readonly accessKeyId?: string;
  /** Checks the signature itself, body included; nothing of the request may be believed before it returns. */
  verify(body: Uint8Array): void;
  /** The same for a request that changes something: refused when one with its signature came some while ago. */
  verifyOnce(body: Uint8Array): void;
  /** The request target of a GET of `path` as this caller, good for `LINK_SECONDS`; `path` needs no percent-encoding. */
  presign(path: string): Promise<string>;
}

/** Throws a LambdaError for a request that is not signed by someone we know, for one of `services`, about now. */
export type Authenticate = (head: RequestHead, services: readonly string[]) => Promise<Caller>;

/** The account is ours whatever the caller is; the region is the one the caller signed for, as on AWS. */
export function createAuthenticate(deps: {
  readonly config: { readonly auth: 'on' | 'off'; readonly region: string; readonly accountId: string };
  readonly credentials: CredentialLookup;
  readonly clock: () => number;
}): Authenticate {
  const { accountId, region } = deps.config;
  if (deps.config.auth === 'off') {
    return async (head) => ({
      scope: { region: peekRegion(head) ?? region, accountId },
      principal: { kind: 'root', accountId },
      verify: () => undefined,
      verifyOnce: () => undefined,
      presign: (path) => Promise.resolve(path),
    });
  }
  const spent = new SpentSignatures();
  let signature: typeof import('./signature.ts') | undefined;
  return async (head, services) => {
    const claim = parseClaim(head);
    const { accessKeyId } = claim;
    const credential = await deps.credentials(accessKeyId);
    if (credential === undefined) {
      throw new LambdaError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    if (!services.includes(claim.service)) {
      const wanted = services.map((service) => `'${service}'`).join(' or ');
      throw new LambdaError('InvalidSignatureException', `Credential should be scoped to correct service: ${wanted}.`);
    }
    assertFresh(claim, deps.clock());
    const { secretAccessKey, principal } = credential;
    signature ??= await import('./signature.ts');
    const { assertSigned } = signature;
    return {
      scope: { region: claim.region, accountId },
      principal,
      accessKeyId,
      verify: (body) => assertSigned(claim, secretAccessKey, head, body),
      verifyOnce(body) {
        assertSigned(claim, secretAccessKey, head, body);
        // Presigned links are made to be used again.
        if (claim.kind === 'header') spent.spend(claim.signature, deps.clock());
      },
      presign: (path) => {
        const { host = '' } = head.headers;
        return presignGet(path, {
          accessKeyId,
          secretAccessKey,
          region: claim.region,
          host,
          now: deps.clock(),
        });
      },
    };
  };
}
