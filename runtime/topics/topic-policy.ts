import type { PolicyDocument, PolicyStatement } from '../contract/policy-document.ts';
import { invalidParameter } from './topic-error.ts';

/** What AddPermission is asked to allow. */
export interface TopicGrant {
  readonly label: string;
  readonly accountIds: readonly string[];
  /** Such as `Publish`. */
  readonly actions: readonly string[];
}

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
export function withGrant(policy: PolicyDocument, { label, accountIds, actions }: TopicGrant, arn: string): string {
  if (!/^[\w-]{1,80}$/.test(label)) throw invalidParameter('Label');
  const statements = statementsOf(policy);
  if (statements.some(({ Sid }) => Sid === label)) throw invalidParameter('Statement already exists');
  if (actions.length === 0 || actions.some((action) => !ACTIONS.includes(action))) {
    throw invalidParameter('Policy statement action out of service scope!');
  }
  if (accountIds.length === 0 || accountIds.some((accountId) => !/^\d{12}$/.test(accountId))) {
    throw invalidParameter('AWSAccountId');
  }
  if (statements.length >= MOST_STATEMENTS) throw invalidParameter('Policy Reason: it has too many statements');
  const principals = accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`);
  const qualified = actions.map((action) => `SNS:${action}`);
  const statement: PolicyStatement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0]! : principals },
    Action: qualified.length === 1 ? qualified[0]! : qualified,
    Resource: arn,
  };
  return JSON.stringify({ ...policy, Statement: [...statements, statement] });
}

/** A policy without a statement, as JSON. One that is not there is no error. */
export function withoutGrant(policy: PolicyDocument, label: string): string {
  return JSON.stringify({ ...policy, Statement: statementsOf(policy).filter(({ Sid }) => Sid !== label) });
}

function statementsOf({ Statement: statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(statement) ? statement : [statement as PolicyStatement];
}
