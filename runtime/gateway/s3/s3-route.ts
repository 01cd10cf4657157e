import type { Buckets } from '../../buckets/index.ts';
import type { Authorizer } from '../../contract/authorizer.ts';
import type { Observer } from '../../contract/observer.ts';
import type { CredentialLookup } from '../auth/authenticator.ts';
import { createS3Authenticate } from '../auth/s3-authenticator.ts';
import { type Exchange, send } from '../exchange.ts';
import { findOperation } from './find-operation.ts';
import { parseAddress } from './s3-address.ts';
import { toS3Failure } from './s3-errors.ts';
import { type S3Answer, S3Request } from './s3-operation.ts';

export interface S3Deps {
  readonly config: { readonly auth: 'on' | 'off'; readonly region: string; readonly accountId: string };
  readonly credentials: CredentialLookup;
  readonly authorizer: Authorizer;
  readonly observer: Observer;
  readonly buckets: () => Promise<Buckets>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Serves S3's protocol, path-style and by hosts; errors are XML. */
export function createS3Route(deps: S3Deps): (c: Exchange) => Promise<void> {
  const { authorizer, observer } = deps;
  const authenticate = createS3Authenticate(deps);
  return async (exchange) => {
    const { head, requestId } = exchange;
    try {
      const caller = await authenticate(head);
      const address = parseAddress(head);
      const operation = findOperation(head, address);
      const buckets = await deps.buckets();
      const { bucket = '', key = '' } = address;
      const answer = await operation(new S3Request({ exchange, caller, buckets, authorizer, bucket, key }));
      if (answer !== 'sent') sendAnswer(exchange, answer);
    } catch (error) {
      const failure = toS3Failure(error, { resource: head.rawPath, requestId, observer });
      const headers = failure.code === 'SlowDown' ? { 'retry-after': '1' } : {};
      sendAnswer(exchange, { status: failure.status, headers, xml: failure.body });
    }
  };
}

function sendAnswer(exchange: Exchange, { status, headers, xml }: S3Answer): void {
  const ids = { 'x-amz-request-id': exchange.requestId, 'x-amz-id-2': exchange.requestId };
  const typed = xml === undefined ? {} : { 'content-type': 'application/xml' };
  send(exchange, { status, headers: { ...typed, ...ids, ...headers }, ...(xml === undefined ? {} : { body: xml }) });
}
