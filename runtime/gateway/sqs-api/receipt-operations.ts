import { missingParameter } from '../../queues/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { attemptEach, FAILED_ENTRIES, parseEntries } from './batch.ts';
import { parseQueueUrl } from './queue-url.ts';
import { type OpenQueues, wishFor } from './queue-wish.ts';

const done = (entryName: string) =>
  structure({ Successful: listOf(structure({ Id: TEXT }), entryName), Failed: FAILED_ENTRIES });

/** What is done to messages that were received. */
export function createReceiptOperations(queues: OpenQueues): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'DeleteMessage',
      input: structure({ QueueUrl: TEXT, ReceiptHandle: TEXT }),
      wish: wishFor(queues, 'DeleteMessage'),
      async handle({ caller }, { QueueUrl, ReceiptHandle: handle }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        const opened = await queues();
        opened.table.get(key);
        if (!handle) throw missingParameter('ReceiptHandle');
        await opened.delete(key, handle);
        return undefined;
      },
    }),
    createOperation({
      name: 'DeleteMessageBatch',
      input: structure({
        QueueUrl: TEXT,
        Entries: listOf(structure({ Id: TEXT, ReceiptHandle: TEXT }), 'DeleteMessageBatchRequestEntry'),
      }),
      output: done('DeleteMessageBatchResultEntry'),
      wish: wishFor(queues, 'DeleteMessage'),
      async handle({ caller }, { QueueUrl, Entries }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        const opened = await queues();
        opened.table.get(key);
        const entries = parseEntries(Entries, 'DeleteMessageBatchRequestEntry');
        const attempts = await attemptEach(entries, ({ ReceiptHandle: handle }) => {
          if (!handle) throw missingParameter('ReceiptHandle');
          return opened.delete(key, handle);
        });
        return { Successful: attempts.done.map(({ entry: { Id } }) => ({ Id })), Failed: attempts.failed };
      },
    }),
    createOperation({
      name: 'ChangeMessageVisibility',
      input: structure({ QueueUrl: TEXT, ReceiptHandle: TEXT, VisibilityTimeout: WHOLE }),
      wish: wishFor(queues, 'ChangeMessageVisibility'),
      async handle({ caller }, { QueueUrl, ReceiptHandle: handle, VisibilityTimeout: seconds }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        const opened = await queues();
        opened.table.get(key);
        if (!handle) throw missingParameter('ReceiptHandle');
        if (seconds === undefined) throw missingParameter('VisibilityTimeout');
        await opened.changeVisibility(key, handle, seconds);
        return undefined;
      },
    }),
    createOperation({
      name: 'ChangeMessageVisibilityBatch',
      input: structure({
        QueueUrl: TEXT,
        Entries: listOf(
          structure({ Id: TEXT, ReceiptHandle: TEXT, VisibilityTimeout: WHOLE }),
          'ChangeMessageVisibilityBatchRequestEntry',
        ),
      }),
      output: done('ChangeMessageVisibilityBatchResultEntry'),
      wish: wishFor(queues, 'ChangeMessageVisibility'),
      async handle({ caller }, { QueueUrl, Entries }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        const opened = await queues();
        opened.table.get(key);
        const entries = parseEntries(Entries, 'ChangeMessageVisibilityBatchRequestEntry');
        const attempts = await attemptEach(entries, ({ ReceiptHandle: handle, VisibilityTimeout: seconds = 0 }) => {
          if (!handle) throw missingParameter('ReceiptHandle');
          return opened.changeVisibility(key, handle, seconds);
        });
        return { Successful: attempts.done.map(({ entry: { Id } }) => ({ Id })), Failed: attempts.failed };
      },
    }),
    createOperation({
      name: 'PurgeQueue',
      input: structure({ QueueUrl: TEXT }),
      wish: wishFor(queues, 'PurgeQueue'),
      async handle({ caller }, { QueueUrl }) {
        await (await queues()).purge(parseQueueUrl(caller.scope, QueueUrl));
        return undefined;
      },
    }),
  ];
}
