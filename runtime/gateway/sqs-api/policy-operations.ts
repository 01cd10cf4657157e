import { missingParameter } from '../../queues/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { listOf, structure, TEXT } from '../service/shape.ts';
import { parseQueueUrl } from './queue-url.ts';
import { type OpenQueues, wishFor } from './queue-wish.ts';

/** Statements of a queue's own policy. */
export function createPolicyOperations(queues: OpenQueues): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'AddPermission',
      input: structure({
        ...{ QueueUrl: TEXT, Label: TEXT },
        AWSAccountIds: listOf(TEXT, 'AWSAccountId'),
        Actions: listOf(TEXT, 'ActionName'),
      }),
      wish: wishFor(queues, 'AddPermission'),
      async handle({ caller }, { QueueUrl, Label: label, AWSAccountIds: accountIds = [], Actions: actions = [] }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        if (!label) throw missingParameter('Label');
        if (accountIds.length === 0) throw missingParameter('AWSAccountIds');
        if (actions.length === 0) throw missingParameter('Actions');
        await (await queues()).table.grant(key, { label, accountIds, actions });
        return undefined;
      },
    }),
    createOperation({
      name: 'RemovePermission',
      input: structure({ QueueUrl: TEXT, Label: TEXT }),
      wish: wishFor(queues, 'RemovePermission'),
      async handle({ caller }, { QueueUrl, Label: label }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        if (!label) throw missingParameter('Label');
        await (await queues()).table.revoke(key, label);
        return undefined;
      },
    }),
  ];
}
