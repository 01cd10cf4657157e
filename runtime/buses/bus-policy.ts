import { type PolicyDocument, type PolicyStatement, statementsOf } from '../contract/policy-document.ts';
import { BusError, invalid } from './bus-error.ts';

/** What PutPermission is asked to allow. */
export interface BusGrant {
  readonly statementId: string;
  readonly action: string;
  /** An account, or `*`. */
  readonly principal: string;
  readonly condition?: Readonly<Partial<Record<'Type' | 'Key' | 'Value', string | undefined>>> | undefined;
}

const MOST_CHARACTERS = 10_240;

/** A bus's policy with a statement more, or another one of the same id. */
export function withGrant(policy: PolicyDocument | undefined, grant: BusGrant, arn: string): PolicyDocument {
  const { statementId, action, principal, condition } = grant;
  if (!/^[\w-]{1,64}$/.test(statementId)) throw invalid('Parameter StatementId is not valid.');
  if (action !== 'events:PutEvents') throw invalid('Provided value in parameter action is not supported.');
  if (principal !== '*' && !/^\d{12}$/.test(principal)) throw invalid('Parameter Principal is not valid.');
  const { Type: type = '', Key: key = '', Value: value = '' } = condition ?? {};
  if (condition !== undefined && (type !== 'StringEquals' || key !== 'aws:PrincipalOrgID' || value === '')) {
    throw invalid('Parameter Condition is not valid.');
  }
  const statement: PolicyStatement = {
    ...{ Sid: statementId, Effect: 'Allow' },
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    ...{ Action: action, Resource: arn },
    ...(condition === undefined ? {} : { Condition: { [type]: { [key]: value } } }),
  };
  const others = (policy === undefined ? [] : statementsOf(policy)).filter(({ Sid }) => Sid !== statementId);
  return withinBounds({ Version: '2012-10-17', Statement: [...others, statement] });
}

/** Undefined when no statement is left. */
export function withoutGrant(policy: PolicyDocument | undefined, statementId: string): PolicyDocument | undefined {
  const statements = policy === undefined ? [] : statementsOf(policy);
  const left = statements.filter(({ Sid }) => Sid !== statementId);
  if (left.length === statements.length) {
    const message =
      policy === undefined ? 'EventBus does not have a policy.' : 'Statement with the provided id does not exist.';
    throw new BusError('ResourceNotFoundException', message);
  }
  return left.length === 0 ? undefined : { Version: '2012-10-17', Statement: left };
}

export function withinBounds(policy: PolicyDocument): PolicyDocument {
  if (JSON.stringify(policy).length <= MOST_CHARACTERS) return policy;
  throw new BusError('PolicyLengthExceededException', 'The event bus policy is too long.');
}
