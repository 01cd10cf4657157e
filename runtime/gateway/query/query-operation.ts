import type { Identities } from '../../identity/index.ts';
import type { Caller } from '../auth/authenticator.ts';
import type { Exchange } from '../exchange.ts';
import type { Refusal } from '../service/service.ts';
import type { QueryForm } from './query-form.ts';
import type { XmlValue } from './xml.ts';

/** Room for the largest policies, percent-encoded, and more than any other request of most services needs. */
export const QUERY_BYTES: number = 256 * 1024;

/** What an operation sees of a request: authenticated, its form read whole. */
export interface QueryRequest {
  readonly caller: Caller;
  readonly form: QueryForm;
  readonly exchange: Exchange;
  readonly identities: Identities;
}

/** One operation of a service that speaks the Query protocol. Failures are thrown as IdentityError or LambdaError. */
export interface QueryOperation {
  readonly name: string;
  /** What a policy must allow it on: an ARN, or `*`. Absent when nobody needs a permission. */
  readonly resource?: (request: QueryRequest) => string;
  /** A GET of it need not be signed: the caller is nobody then. */
  readonly isLink?: true | undefined;
  /** The members of the result; undefined when the answer has none. */
  readonly handle: (request: QueryRequest) => Promise<XmlValue> | XmlValue;
}

/** A service as its clients name it: by the version of its model. */
export interface QueryService {
  /** As actions begin, such as `iam`. */
  readonly name: string;
  readonly version: string;
  readonly namespace: string;
  /** The most that a form may have, in bytes. */
  readonly bodyBytes: number;
  readonly operations: readonly QueryOperation[];
  /** Undefined when the error is none that only this service has. */
  readonly toRefusal?: (error: unknown) => Refusal | undefined;
}
