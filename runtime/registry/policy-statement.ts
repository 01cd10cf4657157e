import { LambdaError } from '../contract/errors.ts';
import type { PolicyPrincipal, PolicyStatement } from '../contract/policy-document.ts';
import { Constraints } from './constraints.ts';

/** What AddPermission is asked to allow. */
export interface Grant {
  readonly statementId: string;
  readonly action: string;
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  readonly eventSourceToken?: string;
  readonly principalOrgId?: string;
  readonly functionUrlAuthType?: 'NONE' | 'AWS_IAM';
  readonly invokedViaFunctionUrl?: boolean;
}

const STATEMENT_ID = /^[a-zA-Z0-9-_]+$/;
const STATEMENT_ID_LENGTH = 100;
const ACTION = /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/;
const SOURCE_ARN =
  /^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:((?:[a-z]{2}(?:-[a-z]+)+-\d)?):((?:\d{12})?):([^\p{Cc}]*)$/u;
const ACCOUNT = /^\d{12}$/;
const TOKEN = /^[a-zA-Z0-9._-]+$/;
const TOKEN_LENGTH = 256;
const ORGANIZATION = /^o-[a-z0-9]{10,32}$/;

const SERVICE = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*\.(amazonaws\.com(\.cn)?|amazon\.com)$/;
const IDENTITY =
  /^arn:aws[a-zA-Z-]*:(iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]+)|sts::\d{12}:(assumed-role|federated-user)\/[\w+=,.@/-]+)$/;

/** The statement that AddPermission adds for `grant`; throws what Lambda says of one that it cannot mean. */
export function createStatement(grant: Grant, resource: string): PolicyStatement & { readonly Sid: string } {
  assertGrant(grant);
  const conditions = {
    StringEquals: present({
      'AWS:SourceAccount': grant.sourceAccount,
      'aws:PrincipalOrgID': grant.principalOrgId,
      'lambda:EventSourceToken': grant.eventSourceToken,
      'lambda:FunctionUrlAuthType': grant.functionUrlAuthType,
    }),
    ArnLike: present({ 'AWS:SourceArn': grant.sourceArn }),
    Bool: present({ 'lambda:InvokedViaFunctionUrl': grant.invokedViaFunctionUrl?.toString() }),
  };
  const used = Object.entries(conditions).filter(([, keys]) => Object.keys(keys).length > 0);
  return {
    Sid: grant.statementId,
    Effect: 'Allow',
    Principal: parsePrincipal(grant.principal),
    Action: grant.action,
    Resource: resource,
    ...(used.length === 0 ? {} : { Condition: Object.fromEntries(used) }),
  };
}

export function assertStatementId(id: string, constraints: Constraints): void {
  constraints.length('statementId', id, { min: 1, max: STATEMENT_ID_LENGTH });
  constraints.matches('statementId', id, STATEMENT_ID, '([a-zA-Z0-9-_]+)');
}

function assertGrant(grant: Grant): void {
  const constraints = new Constraints();
  assertStatementId(grant.statementId, constraints);
  constraints.matches('action', grant.action, ACTION, '(lambda:[*]|lambda:[a-zA-Z]+|[*])');
  constraints.matches('principal', grant.principal, /^[^\s]+$/, '[^\\s]+');
  constraints.matches(
    'sourceArn',
    grant.sourceArn,
    SOURCE_ARN,
    'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
  );
  constraints.matches('sourceAccount', grant.sourceAccount, ACCOUNT, '\\d{12}');
  constraints.length('eventSourceToken', grant.eventSourceToken, { max: TOKEN_LENGTH });
  constraints.matches('eventSourceToken', grant.eventSourceToken, TOKEN, '[a-zA-Z0-9._\\-]+');
  constraints.matches('principalOrgID', grant.principalOrgId, ORGANIZATION, 'o-[a-z0-9]{10,32}');
  constraints.assertSatisfied();
  assertUrlMembers(grant);
}

/** What a statement says of function URLs belongs to the action that it is about. */
function assertUrlMembers({ action, functionUrlAuthType, invokedViaFunctionUrl }: Grant): void {
  if (functionUrlAuthType !== undefined && action !== 'lambda:InvokeFunctionUrl') {
    throw refused('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action');
  }
  if (invokedViaFunctionUrl !== undefined && action !== 'lambda:InvokeFunction') {
    throw refused('InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action');
  }
}

function parsePrincipal(text: string): PolicyPrincipal {
  if (text === '*') return '*';
  if (ACCOUNT.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  if (IDENTITY.test(text)) return { AWS: text };
  if (SERVICE.test(text)) return { Service: text };
  throw refused('The provided principal was invalid. Please check the principal and try again.');
}

function present(keys: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(keys).filter((each): each is [string, string] => each[1] !== undefined);
  return Object.fromEntries(given);
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
