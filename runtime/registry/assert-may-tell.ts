import { LambdaError } from '../contract/errors.ts';

/** Who is to be told how events of a function end, and by which execution role. */
export interface Telling {
  /** ARN of a queue, a topic, a function or an event bus. */
  readonly arn: string;
  readonly role: string;
}

/** Answers the operation, such as `SendMessage`, that the role would have to be allowed and is not; undefined when it may. */
export type FindForbidden = (telling: Telling) => Promise<string | undefined>;

const NAMES: Readonly<Record<string, string>> = { sqs: 'SQS', sns: 'SNS' };

/** Throws Lambda's error when a role may not send dead letters there. */
export async function assertMaySendDeadLetters(find: FindForbidden | undefined, telling: Telling): Promise<void> {
  const operation = await find?.(telling);
  if (operation === undefined) return;
  const service = telling.arn.split(':')[2] ?? '';
  throw new LambdaError(
    'InvalidParameterValueException',
    `The provided execution role does not have permissions to call ${operation} on ${NAMES[service] ?? service}`,
  );
}

/** Throws Lambda's error when a role may not tell a destination. */
export async function assertMayTell(find: FindForbidden | undefined, telling: Telling): Promise<void> {
  const operation = await find?.(telling);
  if (operation === undefined) return;
  throw new LambdaError(
    'InvalidParameterValueException',
    `The function's execution role does not have permissions to call ${operation} on ${telling.arn}`,
  );
}
