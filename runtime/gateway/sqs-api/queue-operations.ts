import { missingParameter, noSuchQueue, toQueueArn } from '../../queues/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { listOf, mapOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { showAttributes } from './queue-attributes.ts';
import { parseQueueUrl, toQueueUrl } from './queue-url.ts';
import { type OpenQueues, wishFor } from './queue-wish.ts';
import { toUrlPage } from './url-page.ts';

const ATTRIBUTES = mapOf(TEXT, 'Attribute');
const TAGS = mapOf(TEXT, 'Tag', ['Key', 'Value']);
const URL = structure({ QueueUrl: TEXT });
const URLS = listOf(TEXT, 'QueueUrl');
const PAGE = { NextToken: TEXT, MaxResults: WHOLE };

/** What queues there are, and what is set of them. */
export function createQueueOperations(queues: OpenQueues): readonly ServiceOperation[] {
  const tableOf = async () => (await queues()).table;
  return [
    createOperation({
      name: 'CreateQueue',
      input: structure({ QueueName: TEXT, Attributes: ATTRIBUTES, tags: TAGS }),
      output: URL,
      wish: async ({ caller }, { QueueName: name = '' }) => ({
        action: 'sqs:CreateQueue',
        resource: toQueueArn({ ...caller.scope, name }),
      }),
      async handle({ caller, host }, { QueueName: name, Attributes = {}, tags = {} }) {
        if (!name) throw missingParameter('QueueName');
        const record = await (await tableOf()).create({ ...caller.scope, name }, Attributes, tags);
        return { QueueUrl: toQueueUrl(host, record) };
      },
    }),
    createOperation({
      name: 'GetQueueUrl',
      input: structure({ QueueName: TEXT, QueueOwnerAWSAccountId: TEXT }),
      output: URL,
      wish: async ({ caller }, { QueueName: name = '' }) => ({
        action: 'sqs:GetQueueUrl',
        resource: toQueueArn({ ...caller.scope, name }),
        policy: (await tableOf()).policyOf({ ...caller.scope, name }),
      }),
      async handle({ caller: { scope }, host }, { QueueName: name, QueueOwnerAWSAccountId: owner = scope.accountId }) {
        if (!name) throw missingParameter('QueueName');
        if (owner !== scope.accountId) throw noSuchQueue();
        return { QueueUrl: toQueueUrl(host, (await tableOf()).get({ ...scope, name })) };
      },
    }),
    createOperation({
      name: 'ListQueues',
      input: structure({ QueueNamePrefix: TEXT, ...PAGE }),
      output: structure({ QueueUrls: URLS, NextToken: TEXT }),
      wish: async () => ({ action: 'sqs:ListQueues', resource: '*' }),
      async handle({ caller, host }, { QueueNamePrefix: prefix = '', ...page }) {
        const found = (await tableOf()).list(caller.scope).filter(({ name }) => name.startsWith(prefix));
        const { urls, token } = toUrlPage(host, found, page);
        return { QueueUrls: urls.length === 0 ? undefined : urls, NextToken: token };
      },
    }),
    createOperation({
      name: 'GetQueueAttributes',
      input: structure({ QueueUrl: TEXT, AttributeNames: listOf(TEXT, 'AttributeName') }),
      output: structure({ Attributes: ATTRIBUTES }),
      wish: wishFor(queues, 'GetQueueAttributes'),
      async handle({ caller }, { QueueUrl, AttributeNames: names = [] }) {
        const opened = await queues();
        const record = opened.table.get(parseQueueUrl(caller.scope, QueueUrl));
        const attributes = await showAttributes(opened, record, names);
        return { Attributes: Object.keys(attributes).length === 0 ? undefined : attributes };
      },
    }),
    createOperation({
      name: 'SetQueueAttributes',
      input: structure({ QueueUrl: TEXT, Attributes: ATTRIBUTES }),
      wish: wishFor(queues, 'SetQueueAttributes'),
      async handle({ caller }, { QueueUrl, Attributes }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        if (Attributes === undefined) throw missingParameter('Attributes');
        await (await tableOf()).setAttributes(key, Attributes);
        return undefined;
      },
    }),
    createOperation({
      name: 'DeleteQueue',
      input: URL,
      wish: wishFor(queues, 'DeleteQueue'),
      async handle({ caller }, { QueueUrl }) {
        await (await queues()).deleteQueue(parseQueueUrl(caller.scope, QueueUrl));
        return undefined;
      },
    }),
    createOperation({
      name: 'ListDeadLetterSourceQueues',
      input: structure({ QueueUrl: TEXT, ...PAGE }),
      output: structure({ queueUrls: URLS, NextToken: TEXT }),
      wish: wishFor(queues, 'ListDeadLetterSourceQueues'),
      async handle({ caller, host }, { QueueUrl, ...page }) {
        const table = await tableOf();
        const key = parseQueueUrl(caller.scope, QueueUrl);
        table.get(key);
        const { urls, token } = toUrlPage(host, table.sourcesOf(key), page);
        return { queueUrls: urls, NextToken: token };
      },
    }),
    createOperation({
      name: 'ListQueueTags',
      input: URL,
      output: structure({ Tags: TAGS }),
      wish: wishFor(queues, 'ListQueueTags'),
      async handle({ caller }, { QueueUrl }) {
        const { tags } = (await tableOf()).get(parseQueueUrl(caller.scope, QueueUrl));
        return { Tags: Object.keys(tags).length === 0 ? undefined : tags };
      },
    }),
    createOperation({
      name: 'TagQueue',
      input: structure({ QueueUrl: TEXT, Tags: TAGS }),
      wish: wishFor(queues, 'TagQueue'),
      async handle({ caller }, { QueueUrl, Tags }) {
        if (Tags === undefined) throw missingParameter('Tags');
        await (await tableOf()).tag(parseQueueUrl(caller.scope, QueueUrl), Tags);
        return undefined;
      },
    }),
    createOperation({
      name: 'UntagQueue',
      input: structure({ QueueUrl: TEXT, TagKeys: listOf(TEXT, 'TagKey') }),
      wish: wishFor(queues, 'UntagQueue'),
      async handle({ caller }, { QueueUrl, TagKeys }) {
        if (TagKeys === undefined) throw missingParameter('TagKeys');
        await (await tableOf()).untag(parseQueueUrl(caller.scope, QueueUrl), TagKeys);
        return undefined;
      },
    }),
  ];
}
