import { type AccountGrant, isAccountId, isLabel, toStatement } from '../contract/account-grant.ts';
import { type PolicyDocument, statementsOf } from '../contract/policy-document.ts';
import { invalidParameter } from './topic-error.ts';

const ACTIONS = [
  ...['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic', 'Subscribe'],
  ...['ListSubscriptionsByTopic', 'Publish'],
];
const MOST_STATEMENTS = 100;

/** What holds of a topic to which nothing was said: its own account may, as far as its identities may. */
export function toDefaultPolicy(arn: string, accountId: string): PolicyDocument {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ACTIONS.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  };
}

/** A policy with one more statement, as JSON. */
export function withGrant(policy: PolicyDocument, grant: AccountGrant, arn: string): string {
  const { label, accountIds, actions } = grant;
  if (!isLabel(label)) throw invalidParameter('Label');
  const statements = statementsOf(policy);
  if (statements.some(({ Sid }) => Sid === label)) throw invalidParameter('Statement already exists');
  if (actions.length === 0 || actions.some((action) => !ACTIONS.includes(action))) {
    throw invalidParameter('Policy statement action out of service scope!');
  }
  if (accountIds.length === 0 || accountIds.some((accountId) => !isAccountId(accountId))) {
    throw invalidParameter('AWSAccountId');
  }
  if (statements.length >= MOST_STATEMENTS) throw invalidParameter('Policy Reason: it has too many statements');
  return JSON.stringify({ ...policy, Statement: [...statements, toStatement(grant, { service: 'SNS', arn })] });
}

/** A policy without a statement, as JSON. One that is not there is no error. */
export function withoutGrant(policy: PolicyDocument, label: string): string {
  return JSON.stringify({ ...policy, Statement: statementsOf(policy).filter(({ Sid }) => Sid !== label) });
}
