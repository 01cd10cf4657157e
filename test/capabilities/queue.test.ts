import { describe, expect, it, onTestFinished } from 'vitest';
import { createQueue, type Grants } from '../../runtime/capabilities/index.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { SqliteMessageStore, SqliteResourceStore } from '../../runtime/store/index.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { createGuestQueues } from '../../runtime/wiring/guest-queues.ts';
import { openQueues } from '../../runtime/wiring/open-queues.ts';
import { callerOf, grantsOf } from './fixture.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ARN = 'arn:aws:sqs:us-east-1:000000000000:';
const errorOf = (type: string) => ({ error: { type } });

async function open(grants: Grants = grantsOf('sqs:SendMessage *'), messages = 100) {
  const storage = openStorage(':memory:');
  const queues = await openQueues({
    ...{ resources: new SqliteResourceStore(storage), messages: new SqliteMessageStore(storage) },
    ...{ observer: silentObserver, most: { messages, bytes: 1_000_000 } },
  });
  onTestFinished(async () => {
    await queues.close();
    await storage.close();
  });
  await queues.table.create({ ...SCOPE, name: 'orders' }, {}, {});
  await queues.table.create({ ...SCOPE, name: 'orders.fifo' }, { FifoQueue: 'true' }, {});
  const call = callerOf(createQueue({ grants, queues: async () => createGuestQueues(queues) }));
  const receive = (name = 'orders') => queues.receive({ ...SCOPE, name }, { most: 10 });
  return { call, receive };
}

describe('queue.send', () => {
  it.each(['orders', `${ARN}orders`, 'http://127.0.0.1:8420/000000000000/orders'])('sends to %s', async (queue) => {
    const { call, receive } = await open();
    const attributes = {
      kind: { DataType: 'String', StringValue: 'new' },
      bytes: { DataType: 'Binary', BinaryValue: 'AP8=' },
    };
    const { head } = await call({ op: 'queue.send', queue, attributes }, { body: 'größer', traceId: 'Root=1-2-3' });
    expect(head).toEqual({ messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await receive()).toMatchObject([
      {
        ...{ messageId: head.messageId, body: 'größer', senderId: '000000000000' },
        traceHeader: expect.stringMatching(/^Root=1-2-3;Lineage=[0-9a-f]{8}:1$/),
        attributes: {
          kind: { DataType: 'String', StringValue: 'new' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
        },
      },
    ]);
  });

  it('gives a message of a FIFO queue its group, and its place', async () => {
    const { call, receive } = await open();
    const head = { op: 'queue.send', queue: 'orders.fifo', groupId: 'g', deduplicationId: 'd' };
    const [first, second] = [await call(head, { body: 'a' }), await call(head, { body: 'a' })];
    expect(first.head).toEqual({ messageId: expect.any(String), sequenceNumber: expect.stringMatching(/^\d{20}$/) });
    expect(second.head).toEqual(first.head);
    expect(await receive('orders.fifo')).toMatchObject([{ body: 'a', groupId: 'g', deduplicationId: 'd' }]);
  });

  it('does nothing without a grant for exactly this', async () => {
    const { call, receive } = await open(grantsOf(`sqs:SendMessage ${ARN}orders`, 'sqs:ReceiveMessage *'));
    for (const queue of ['orders.fifo', 'absent', 'arn:aws:sqs:eu-west-1:000000000000:orders']) {
      const { head } = await call({ op: 'queue.send', queue, groupId: 'g' }, { body: 'a' });
      expect(head, queue).toMatchObject(errorOf('AccessDenied'));
    }
    expect((await call({ op: 'queue.send', queue: 'orders' }, { body: 'a' })).head).toMatchObject({
      messageId: expect.any(String),
    });
    expect(await receive()).toHaveLength(1);
  });

  it.each([
    ['QueueDoesNotExist', { queue: 'absent' }],
    ['QueueDoesNotExist', { queue: 'arn:aws:sqs:us-east-1:111111111111:orders' }],
    ['InvalidAddress', { queue: 'no queue' }],
    ['InvalidRequest', {}],
    ['InvalidRequest', { queue: 7 }],
    ['InvalidRequest', { queue: 'orders', delaySeconds: 901 }],
    ['InvalidRequest', { queue: 'orders', attributes: [] }],
    ['InvalidRequest', { queue: 'orders', attributes: { a: 'text' } }],
    ['InvalidRequest', { queue: 'orders', attributes: { a: { DataType: 'String' } } }],
    ['InvalidParameterValue', { queue: 'orders', attributes: { a: { DataType: 'Odd', StringValue: 'x' } } }],
    ['InvalidParameterValue', { queue: 'orders', deduplicationId: 'd' }],
    ['MissingParameter', { queue: 'orders.fifo' }],
  ])('answers %s for %j', async (type, head) => {
    const { call } = await open();
    expect((await call({ op: 'queue.send', ...head }, { body: 'a' })).head).toMatchObject(errorOf(type));
  });

  it.each([
    ['MissingParameter', ''],
    ['InvalidMessageContents', new Uint8Array([0xff])],
    ['InvalidMessageContents', '\u0001'],
    ['InvalidParameterValue', 'x'.repeat(1_048_577)],
  ])('answers %s for a message that cannot be sent', async (type, body) => {
    const { call, receive } = await open();
    expect((await call({ op: 'queue.send', queue: 'orders' }, { body })).head).toMatchObject(errorOf(type));
    expect(await receive()).toEqual([]);
  });

  it('says when there is no room', async () => {
    const { call } = await open(undefined, 1);
    const head = { op: 'queue.send', queue: 'orders' };
    expect((await call(head, { body: 'a' })).head).toMatchObject({ messageId: expect.any(String) });
    expect((await call(head, { body: 'b' })).head).toMatchObject(errorOf('OverLimit'));
  });
});
