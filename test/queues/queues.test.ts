import { expect, it, onTestFinished } from 'vitest';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { type OutgoingMessage, Queues, type ReceivedMessage } from '../../runtime/queues/index.ts';
import { SqliteMessageStore } from '../../runtime/store/sqlite/sqlite-message-store.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';

const SCOPE = { region: 'us-east-1', accountId: '000000000000' };
const KEY = { ...SCOPE, name: 'q' };
const DEAD = { ...SCOPE, name: 'dead' };

/** Queues with a clock of their own. */
async function open(most = { messages: 100, bytes: 10_000 }) {
  const storage = openStorage(':memory:');
  const time = { now: 1_700_000_000_000 };
  const store = new SqliteMessageStore(storage);
  const openQueues = async () => {
    const queues = new Queues({
      ...{ resources: new SqliteResourceStore(storage), messages: store, observer: silentObserver, most },
      parsePolicy: () => ({ Statement: [] }),
      clock: () => time.now,
    });
    await queues.open();
    onTestFinished(() => queues.close());
    return queues;
  };
  const queues = await openQueues();
  const send = (message: OutgoingMessage, key = KEY) => queues.send(key, [queues.prepare(key, message, 'me')]);
  return { queues, store, time, openQueues, send };
}

const bodiesOf = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body);
const redrive = {
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead', maxReceiveCount: 1 }),
};

it('lets go of what is older than the queue keeps', async () => {
  const { queues, time, send } = await open();
  await queues.table.create(KEY, { MessageRetentionPeriod: '60' }, {});
  await send({ body: 'old' });
  time.now += 59_000;
  await send({ body: 'young' });
  time.now += 1_000;
  expect(bodiesOf(await queues.receive(KEY, { most: 10 }))).toEqual(['young']);
  expect([await queues.counts(KEY), queues.size]).toEqual([{ ready: 0, inFlight: 1, delayed: 0 }, 1]);
});

it('refuses what there is no room for, by number and by bytes, until there is some again', async () => {
  const { queues, send } = await open({ messages: 2, bytes: 10 });
  await queues.table.create(KEY, {}, {});
  await send({ body: '123456' });
  await expect(send({ body: '12345' })).rejects.toMatchObject({ code: 'OverLimit' });
  await send({ body: '1' });
  await expect(send({ body: '1' })).rejects.toMatchObject({ code: 'OverLimit' });
  const [message] = await queues.receive(KEY);
  await queues.delete(KEY, message?.receiptHandle ?? '');
  await send({ body: '1' });
  await queues.deleteQueue(KEY);
  expect(queues.size).toBe(0);
});

it('counts what an earlier process has left, and drops what belongs to no queue', async () => {
  const { queues, store, openQueues, send } = await open();
  await queues.table.create(KEY, {}, {});
  await send({ body: 'kept' });
  const head = { id: 1, queueId: 'nobody', bytes: 1, sentAt: 0, receives: 0, firstReceivedAt: 0, visibleAt: 0 };
  await store.write({ added: [{ head, content: '{}' }] });
  const again = await openQueues();
  expect([again.size, (await store.summary()).messages]).toEqual([1, 1]);
  expect(bodiesOf(await again.receive(KEY))).toEqual(['kept']);
});

it('keeps what was received too often while there is nowhere for it to go', async () => {
  const { queues, send } = await open();
  await queues.table.create(DEAD, {}, {});
  await queues.table.create(KEY, redrive, {});
  await queues.deleteQueue(DEAD);
  await send({ body: 'x' });
  for (let time = 1; time <= 3; time++) {
    expect(await queues.receive(KEY, { visibilityTimeout: 0 })).toMatchObject([{ body: 'x', receives: time }]);
  }
  await queues.table.create(DEAD, {}, {});
  expect(await queues.receive(KEY, { visibilityTimeout: 0 })).toEqual([]);
  expect(await queues.receive(DEAD, { waitSeconds: 20 })).toMatchObject([
    { body: 'x', deadLetterSource: 'arn:aws:sqs:us-east-1:000000000000:q' },
  ]);
  expect([await queues.counts(KEY), queues.size]).toEqual([{ ready: 0, inFlight: 0, delayed: 0 }, 1]);
});

it('keeps the order of dead letters of a FIFO group, and goes on with the rest of it', async () => {
  const { queues } = await open();
  const [key, dead] = [
    { ...SCOPE, name: 'q.fifo' },
    { ...SCOPE, name: 'dead.fifo' },
  ];
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  await queues.table.create(dead, fifo, {});
  await queues.table.create(key, { ...fifo, RedrivePolicy: redrive.RedrivePolicy.replace(':dead', ':dead.fifo') }, {});
  for (const body of ['1', '2', '3']) await queues.send(key, [queues.prepare(key, { body, groupId: 'g' }, 'me')]);
  expect(bodiesOf(await queues.receive(key, { most: 2, visibilityTimeout: 0 }))).toEqual(['1', '2']);
  expect(bodiesOf(await queues.receive(key, { most: 10, visibilityTimeout: 0 }))).toEqual(['3']);
  expect(bodiesOf(await queues.receive(dead, { most: 10, waitSeconds: 20 }))).toEqual(['1', '2']);
});

it('serves who waits in the order in which they came, and those who left not at all', async () => {
  const { queues, send } = await open();
  await queues.table.create(KEY, {}, {});
  const leaving = new AbortController();
  const order: string[] = [];
  const wait = async (name: string, signal?: AbortSignal) => {
    const [message] = await queues.receive(KEY, { waitSeconds: 20, signal });
    order.push(`${name} ${message?.body}`);
  };
  const waits = [wait('first'), wait('left', leaving.signal), wait('second')];
  await queues.counts(KEY);
  leaving.abort();
  await waits[1];
  await send({ body: 'a' });
  await send({ body: 'b' });
  await Promise.all(waits);
  expect(order).toEqual(['left undefined', 'first a', 'second b']);
});

it('ends every wait when it is drained, and waits no more', async () => {
  const { queues } = await open();
  await queues.table.create(KEY, {}, {});
  const waiting = queues.receive(KEY, { waitSeconds: 20 });
  await queues.counts(KEY);
  queues.drain();
  expect([await waiting, await queues.receive(KEY, { waitSeconds: 20 })]).toEqual([[], []]);
});
