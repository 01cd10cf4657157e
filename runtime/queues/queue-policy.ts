import { type AccountGrant, isAccountId, isLabel, toStatement } from '../contract/account-grant.ts';
import { type PolicyDocument, statementsOf } from '../contract/policy-document.ts';
import { invalidParameter, QueueError } from './queue-error.ts';

const ACTIONS = [
  ...['*', 'SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'],
  'GetQueueUrl',
];
const MOST_ACTIONS = 7;
const MOST_STATEMENTS = 20;

/** A queue's policy with one more statement, as JSON. */
export function withGrant(policy: PolicyDocument | undefined, grant: AccountGrant, arn: string): string {
  const { label, accountIds, actions } = grant;
  if (!isLabel(label)) throw invalidParameter(label, 'Label', 'Must be 1 to 80 letters, digits, - or _.');
  for (const action of actions) {
    if (!ACTIONS.includes(action)) {
      throw invalidParameter(`SQS:${action}`, 'ActionName', 'Only the queue owner is allowed to invoke this action.');
    }
  }
  for (const accountId of accountIds) {
    if (!isAccountId(accountId)) throw invalidParameter(accountId, 'PrincipalId', 'Unable to verify.');
  }
  const statements = policy === undefined ? [] : statementsOf(policy);
  if (statements.some(({ Sid }) => Sid === label)) throw invalidParameter(label, 'Label', 'Already exists.');
  if (actions.length > MOST_ACTIONS)
    throw tooMany(`${actions.length} Actions were found, maximum allowed is ${MOST_ACTIONS}.`);
  if (statements.length >= MOST_STATEMENTS) {
    throw tooMany(`${statements.length + 1} statements were found, maximum allowed is ${MOST_STATEMENTS}.`);
  }
  return JSON.stringify({
    Version: policy?.Version ?? '2012-10-17',
    Id: policy?.Id ?? `${arn}/SQSDefaultPolicy`,
    Statement: [...statements, toStatement(grant, { service: 'SQS', arn })],
  });
}

/** A queue's policy without a statement, as JSON; empty when none is left. */
export function withoutGrant(policy: PolicyDocument | undefined, label: string): string {
  const statements = policy === undefined ? [] : statementsOf(policy);
  const left = statements.filter(({ Sid }) => Sid !== label);
  if (left.length === statements.length) {
    throw invalidParameter(label, 'Label', "can't find label on existing policy.");
  }
  return left.length === 0 ? '' : JSON.stringify({ ...policy, Statement: left });
}

function tooMany(message: string): QueueError {
  return new QueueError('OverLimit', message);
}
