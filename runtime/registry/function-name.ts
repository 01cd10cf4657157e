import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionKey } from '../store/function-record.ts';
import { Constraints } from './constraints.ts';

/** What a client's FunctionName says; parts that it leaves out are the caller's own. */
export interface FunctionName {
  readonly name: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly qualifier?: string;
}

/** Which function and which of its versions a request means. */
export interface QualifiedKey {
  readonly key: FunctionKey;
  /** As the client gave it: absent and `$LATEST` are the same version, but not the same ARN in messages. */
  readonly qualifier?: string;
}

export const LATEST = '$LATEST';
export const NAME_LENGTH = 64;
const REFERENCE_LENGTH = 140;
const QUALIFIER_LENGTH = 128;

const FUNCTION_NAME =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d+):)?(?:(?<accountId>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;
/** The pattern as Lambda prints it. */
const SHOWN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';
const QUALIFIER = /^[a-zA-Z0-9$_-]+$/;

/** Reads a name, `name:qualifier`, partial ARN or ARN; undefined when it is none of them. */
export function parseFunctionName(text: string): FunctionName | undefined {
  if (text.length > REFERENCE_LENGTH) return undefined;
  const parts = FUNCTION_NAME.exec(text)?.groups;
  return parts === undefined ? undefined : (parts as unknown as FunctionName);
}

/**
 * Which function `text` means for a caller in `scope`. Throws a ValidationException for what is no name, and Lambda's
 * errors for an ARN of another region or account, or for two qualifiers that differ.
 */
export function parseReference(scope: Scope, text: string, qualifier?: string): QualifiedKey {
  const parsed = parseFunctionName(text);
  if (parsed === undefined || (qualifier !== undefined && !isQualifier(qualifier))) {
    const constraints = new Constraints();
    if (parsed === undefined) {
      constraints.length('functionName', text, { max: REFERENCE_LENGTH });
      constraints.matches('functionName', text, FUNCTION_NAME, SHOWN);
    }
    constraints.length('qualifier', qualifier, { min: 1, max: QUALIFIER_LENGTH });
    constraints.matches('qualifier', qualifier, QUALIFIER, '[a-zA-Z0-9$_-]+');
    constraints.assertSatisfied();
  }
  const { name, region, accountId, qualifier: derived } = parsed as FunctionName;
  if (region !== undefined && region !== scope.region) {
    throw new LambdaError(
      'ResourceNotFoundException',
      `Functions from '${region}' are not reachable in this region ('${scope.region}')`,
    );
  }
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw new LambdaError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const key = { accountId: accountId ?? scope.accountId, region: scope.region, name };
  const chosen = qualifier ?? derived;
  if (key.accountId !== scope.accountId) throw functionNotFound(key, chosen);
  return chosen === undefined ? { key } : { key, qualifier: chosen };
}

/** The same for operations on the function itself, which take no qualifier but `$LATEST`. */
export function parseFunctionKey(scope: Scope, text: string): FunctionKey {
  const { key, qualifier } = parseReference(scope, text);
  if (qualifier === undefined || qualifier === LATEST) return key;
  throw new LambdaError(
    'InvalidParameterValueException',
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  );
}

export function toFunctionArn(key: FunctionKey, qualifier?: string): string {
  const arn = `arn:aws:lambda:${key.region}:${key.accountId}:function:${key.name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

export function functionNotFound(key: FunctionKey, qualifier?: string): LambdaError {
  return new LambdaError('ResourceNotFoundException', `Function not found: ${toFunctionArn(key, qualifier)}`);
}

function isQualifier(text: string): boolean {
  return text.length <= QUALIFIER_LENGTH && QUALIFIER.test(text);
}
