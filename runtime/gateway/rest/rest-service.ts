import type { Wish } from '../auth/access.ts';
import type { Input, Refusal, ServiceOperation, ServiceRequest } from '../service/service.ts';
import type { Of, Structure } from '../service/shape.ts';

/** An operation that method and path name. Its input has the members of the body, of the path and of the query together. */
export interface RestOperation extends Omit<ServiceOperation, 'output'> {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  /** In the notation of `Routes`; its parameters have the names of members. */
  readonly path: string;
  /** Of an answer that is no refusal; 204 has no body. */
  readonly status: 200 | 201 | 204;
}

/** A service whose clients speak AWS's REST protocol in JSON. */
export interface RestService {
  /** By which requests are signed, such as `apigateway`. */
  readonly name: string;
  /** The most that a body may have, in bytes. */
  readonly bodyBytes: number;
  readonly operations: readonly RestOperation[];
  /** What a caller must be allowed for a method on a path, which is percent-decoded; absent where operations say it themselves. */
  readonly toWish?: (asked: {
    readonly method: string;
    /** Without a slash at its end, which means nothing. */
    readonly path: string;
    readonly region: string;
    readonly input: Input;
  }) => readonly Wish[];
  /** Undefined when the error is none of the service's. */
  readonly toRefusal: (error: unknown) => Refusal | undefined;
}

/** An operation whose input has the type of its shape. */
export function createRestOperation<In extends Structure>(
  operation: Omit<RestOperation, 'input' | 'wish' | 'handle'> & {
    readonly input: In;
    readonly wish?: (request: ServiceRequest, input: Of<In>) => Promise<Wish | readonly Wish[]>;
    readonly handle: (request: ServiceRequest, input: Of<In>) => Promise<unknown>;
  },
): RestOperation {
  return operation as unknown as RestOperation;
}
