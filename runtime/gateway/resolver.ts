import type { Cors } from '../contract/cors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';

/** A function URL and what it leads to now. */
export interface UrlTarget {
  /** The first label of the URL's host. */
  readonly urlId: string;
  readonly scope: Scope;
  readonly target: FunctionVersion;
  readonly authType: 'AWS_IAM' | 'NONE';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  /** What browsers of other origins may do; undefined leaves it to the function. */
  readonly cors?: Cors | undefined;
  /** Whether anyone may call it, if its AuthType is NONE; `depends` where that depends on the request. */
  readonly isPublic: boolean | 'depends';
  /** The ARN by which policies mean it: the function's, or the alias's. */
  readonly resource: string;
  /** What the policy of the function, or of the alias, says of callers. */
  readonly policy: PolicyDocument | undefined;
}

/** What the gateway asks of the registry. Answers come from memory, so they are synchronous. */
export interface Resolver {
  /**
   * Undefined when the function is in memory, as it soon is for all of them; else resolves when it is. Without a function:
   * the same for every one. To be awaited before the others are asked.
   */
  ready(scope?: Scope, functionName?: string): Promise<void> | undefined;
  /**
   * The version that a function name leads to. `functionName` is whatever the path held: a name, `name:qualifier`, a
   * partial or a full ARN. Weighted aliases choose anew at every call.
   * Throws a LambdaError: ResourceNotFound, InvalidParameterValue when two qualifiers disagree, ValidationException.
   */
  resolve(scope: Scope, functionName: string, qualifier?: string): FunctionVersion;
  /**
   * What the policy of the function, or of the version or alias that is named, says of callers; undefined when there is
   * none. Throws as `resolve` does for a name that is none.
   */
  policyOf(scope: Scope, functionName: string, qualifier?: string): PolicyDocument | undefined;
  /** The URL configuration with this id; undefined when there is none. */
  resolveUrl(urlId: string): UrlTarget | undefined;
  /** The URL configuration of a function or of one of its aliases; undefined when there is none. Does not throw. */
  resolveUrlOf(scope: Scope, functionName: string, qualifier?: string): UrlTarget | undefined;
}
