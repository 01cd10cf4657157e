import { BucketError, type Buckets, type Origin, toBucketArn, toObjectArn } from '../../buckets/index.ts';
import type { Authorizer } from '../../contract/authorizer.ts';
import { explainDenial } from '../auth/access.ts';
import type { S3Caller } from '../auth/s3-authenticator.ts';
import type { Exchange } from '../exchange.ts';
import { toSharedTrace } from '../trace-id.ts';
import { collect, openContent } from './content.ts';

export interface S3RequestParts {
  readonly exchange: Exchange;
  readonly caller: S3Caller;
  readonly buckets: Buckets;
  readonly authorizer: Authorizer;
  /** '' where the operation has none. */
  readonly bucket: string;
  readonly key: string;
}

/** XML documents are no larger, in bytes: a thousand of the longest keys, escaped. */
const DOCUMENT_BYTES = 4_194_304;

/** A request to S3 as an operation sees it: authenticated and routed. */
export class S3Request {
  readonly buckets: Buckets;
  readonly exchange: Exchange;
  readonly caller: S3Caller;
  readonly bucket: string;
  readonly key: string;
  readonly #authorizer: Authorizer;

  constructor({ exchange, caller, buckets, authorizer, bucket, key }: S3RequestParts) {
    this.exchange = exchange;
    this.caller = caller;
    this.buckets = buckets;
    this.bucket = bucket;
    this.key = key;
    this.#authorizer = authorizer;
  }

  header(name: string): string | undefined {
    return this.exchange.head.headers[name];
  }

  query(name: string): string | undefined {
    return this.exchange.head.query.find(([each]) => each === name)?.[1];
  }

  /** Headers behind a prefix, by what their names have after it. */
  headersAfter(prefix: string): Readonly<Record<string, string>> {
    const found = Object.entries(this.exchange.head.headers).filter(([name]) => name.startsWith(prefix));
    return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
  }

  get origin(): Origin {
    const { principal, scope } = this.caller;
    const { requestId, head } = this.exchange;
    const principalId = principal.kind === 'user' ? `AWS:${principal.userId}` : scope.accountId;
    return { requestId, principalId, sourceIp: head.sourceIp, traceId: toSharedTrace(this.exchange) };
  }

  /** Undefined when the caller may, else why not. Without names: on the request's own object, or bucket. */
  denial(
    action: string,
    { bucket, key }: { readonly bucket: string; readonly key?: string } = this,
  ): Promise<string | undefined> {
    const resource = bucket === '' ? '*' : key ? toObjectArn(bucket, key) : toBucketArn(bucket);
    return explainDenial(this.#authorizer, this.caller, this.exchange.head, { action: `s3:${action}`, resource });
  }

  /** Throws an AccessDenied unless the caller may. */
  async allow(action: string, on?: { readonly bucket: string; readonly key?: string }): Promise<void> {
    const denial = await this.denial(action, on);
    if (denial !== undefined) throw new BucketError('AccessDenied', denial);
  }

  /** The body as text. */
  async document(): Promise<Buffer> {
    return collect(openContent(this.exchange, this.caller.payload), DOCUMENT_BYTES);
  }
}

/** What goes back, unless the operation has sent it already. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly xml?: string;
}

/** One operation of S3. What it throws is answered. */
export type S3Operation = (request: S3Request) => Promise<S3Answer | 'sent'>;
