import type { ConditionContext } from '../../contract/authorizer.ts';
import type { ObjectName } from '../../contract/object-source.ts';
import type { Scope } from '../../contract/scope.ts';

/** What an operation sees of an HTTP request: authenticated, routed, its body read whole. */
export interface ApiRequest {
  readonly scope: Scope;
  readonly requestId: string;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** `X-Amzn-Trace-Id` of what comes of it. */
  readonly traceId: () => string;
  /** An address of this server where whoever holds it can GET `path` in the caller's name for ten minutes. */
  readonly linkTo: (path: string) => Promise<string>;
}

export interface ApiResponse {
  readonly status: number;
  /** A JSON value; absent means an empty body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes in place of a body; `headers` holds their content-type. */
  readonly file?: Uint8Array;
}

/** One operation of the Lambda API: a row of the route table. Failures are thrown as LambdaError. */
export interface Operation {
  /** Lambda's name of it, such as `CreateFunction`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Route pattern, such as `/2015-03-31/functions/:FunctionName`; the router takes a trailing slash too. */
  readonly path: string;
  /** Whose action it is, `lambda` when absent. */
  readonly service?: 'isola';
  /** The action that a policy must allow, without its service; the operation's own name when absent. Two may share a path. */
  readonly action?: string | ((request: ApiRequest) => string);
  /** The ARN that a policy must allow it on, where the path does not name it. */
  readonly resource?: (request: ApiRequest) => string | undefined;
  /** What conditions of policies may look at beside the request itself; the caller must be allowed under every one of them. */
  readonly contexts?: (request: ApiRequest) => readonly ConditionContext[] | Promise<readonly ConditionContext[]>;
  /** ARNs of layer versions that the caller must be allowed to get as well. */
  readonly usesLayers?: (request: ApiRequest) => readonly string[];
  /** The object that the caller must be allowed to get as well. */
  readonly usesObject?: (request: ApiRequest) => ObjectName | undefined;
  /** The execution role that a request hands to Lambda, if it does. */
  readonly passesRole?: (request: ApiRequest) => string | undefined;
  readonly handle: (request: ApiRequest) => Promise<ApiResponse>;
}
