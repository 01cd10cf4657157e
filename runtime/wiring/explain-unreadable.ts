import type { Config } from '../config.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import { parseQueueArn, type QueueRecord, type Queues } from '../queues/index.ts';
import { settingsOf } from '../queues/queue-settings.ts';
import type { SourceReading } from '../registry/event-sources/event-source-mappings.ts';
import { explainRefusal } from './explain-refusal.ts';
import { READING_ACTIONS, toReadArn } from './reading-actions.ts';
import { toSourceEndpoints } from './source-endpoints.ts';

export interface ExplainUnreadableDeps {
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
  readonly queues: () => Promise<Queues>;
  readonly config: Config;
}

/**
 * Says in Lambda's words why a function cannot read a source, before a mapping is made. Sources that nothing here knows are let pass: a
 * queue may be made later, and what is in its way is then shown by the mapping.
 */
export function createExplainUnreadable(
  deps: ExplainUnreadableDeps,
): (reading: SourceReading) => Promise<string | undefined> {
  const endpoints = toSourceEndpoints(deps.config);
  return async ({ source, arn, role, timeoutMs }) => {
    if (source !== 'sqs' && source !== 'kinesis' && source !== 'dynamodb') return undefined;
    const key = source === 'sqs' ? parseQueueArn(arn) : undefined;
    const queues = key === undefined ? undefined : (await deps.queues()).table;
    const own = key === undefined ? undefined : queues?.find(key);
    const isHere = own !== undefined;
    if (!isHere && endpoints[source] === undefined) return undefined;
    await deps.authorizer.ready();
    const policy = key !== undefined && isHere ? queues?.policyOf(key) : undefined;
    const missing = READING_ACTIONS[source].find((action) => {
      const wish = { action, resource: toReadArn(arn) };
      return explainRefusal(deps.authorizer, { kind: 'role', arn: role }, wish, policy) !== undefined;
    });
    if (missing === undefined) return own === undefined ? undefined : explainHiding(own, timeoutMs / 1_000);
    if (source === 'sqs') {
      return `The provided execution role does not have permissions to call ${missing.slice('sqs:'.length)} on SQS`;
    }
    const names = READING_ACTIONS[source].map((action) => action.split(':')[1]);
    return `Cannot access stream ${arn}. Please ensure the role can perform the ${names.slice(0, -1).join(', ')} and ${names.at(-1)} Actions on your stream in IAM.`;
  };
}

/** Messages must be hidden for as long as the function may take. */
function explainHiding(queue: QueueRecord, timeout: number): string | undefined {
  const seconds = settingsOf(queue).visibilityMs / 1_000;
  if (seconds >= timeout) return undefined;
  return `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${timeout} seconds`;
}
