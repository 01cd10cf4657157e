import type { Config } from '../config.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import { parseQueueArn, type Queues } from '../queues/index.ts';
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
 * Says in Lambda's words why a role may not read a source, before a mapping is made. Sources that nothing here knows are let pass: a
 * queue may be made later, and what is in its way is then shown by the mapping.
 */
export function createExplainUnreadable(
  deps: ExplainUnreadableDeps,
): (reading: SourceReading) => Promise<string | undefined> {
  const endpoints = toSourceEndpoints(deps.config);
  return async ({ source, arn, role }) => {
    if (source !== 'sqs' && source !== 'kinesis' && source !== 'dynamodb') return undefined;
    const key = source === 'sqs' ? parseQueueArn(arn) : undefined;
    const queues = key === undefined ? undefined : (await deps.queues()).table;
    const isHere = key !== undefined && queues?.find(key) !== undefined;
    if (!isHere && endpoints[source] === undefined) return undefined;
    await deps.authorizer.ready();
    const policy = isHere ? queues?.policyOf(key) : undefined;
    const missing = READING_ACTIONS[source].find((action) => {
      const wish = { action, resource: toReadArn(arn) };
      return explainRefusal(deps.authorizer, { kind: 'role', arn: role }, wish, policy) !== undefined;
    });
    if (missing === undefined) return undefined;
    if (source === 'sqs') {
      return `The provided execution role does not have permissions to call ${missing.slice('sqs:'.length)} on SQS`;
    }
    const names = READING_ACTIONS[source].map((action) => action.split(':')[1]);
    return `Cannot access stream ${arn}. Please ensure the role can perform the ${names.slice(0, -1).join(', ')} and ${names.at(-1)} Actions on your stream in IAM.`;
  };
}
