import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createFetch, createHostCalls, createInvoke, createKv, createQueue } from '../../runtime/capabilities/index.ts';
import { LambdaError } from '../../runtime/contract/errors.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { SqliteMessageStore, SqliteResourceStore } from '../../runtime/store/index.ts';
import { SqliteKvStore } from '../../runtime/store/sqlite/sqlite-kv-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { createGuestQueues } from '../../runtime/wiring/guest-queues.ts';
import { openQueues } from '../../runtime/wiring/open-queues.ts';
import { toFunctionVersion } from '../support/function-version.ts';
import { grantsOf } from './fixture.ts';

const RUNS = 10_000;
const MEMBERS = [
  'op',
  'key',
  'namespace',
  'ifVersion',
  'prefix',
  'after',
  'limit',
  'url',
  'method',
  'headers',
  'redirect',
  'function',
  'qualifier',
  'type',
  'queue',
  'attributes',
  'groupId',
  'deduplicationId',
  'delaySeconds',
];
const OPS = ['kv.get', 'kv.put', 'kv.delete', 'kv.list', 'fetch', 'invoke', 'queue.send'];
const QUEUES = ['orders', 'orders.fifo'];

const member = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.integer(),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(...QUEUES),
  fc.dictionary(
    fc.string({ maxLength: 8 }),
    fc.record({ DataType: fc.constantFrom('String', 'Number', 'Binary', 'x'), StringValue: fc.string() }),
  ),
  fc.array(fc.tuple(fc.string(), fc.string({ unit: 'binary' }))),
);
const heads = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...OPS), fc.dictionary(fc.constantFrom(...MEMBERS), member))
      .map(([op, rest]) => Buffer.from(JSON.stringify({ ...rest, op }))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...QUEUES), fc.dictionary(fc.constantFrom(...MEMBERS), member, { maxKeys: 2 }))
      .map(([queue, rest]) => Buffer.from(JSON.stringify({ groupId: 'g', ...rest, op: 'queue.send', queue }))),
  },
  { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);

it(`answers ${RUNS} calls of any kind with a value, and none of them is our failure`, async () => {
  const storage = openStorage(':memory:');
  onTestFinished(() => void storage.close());
  const store = new SqliteKvStore(storage, { namespaceBytes: 100_000, accountBytes: 1_000_000 });
  const grants = grantsOf('isola:Kv*', 'isola:Fetch ', 'isola:Fetch*', 'lambda:*', 'sqs:*');
  const queues = await openQueues({
    ...{ resources: new SqliteResourceStore(storage), messages: new SqliteMessageStore(storage) },
    ...{ observer: silentObserver, most: { messages: 100, bytes: 10_000 } },
  });
  for (const name of QUEUES) {
    const attributes = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    await queues.table.create({ accountId: '000000000000', region: 'us-east-1', name }, attributes, {});
  }
  const failures: Error[] = [];
  const absent = () => {
    throw new LambdaError('ResourceNotFoundException', 'Function not found');
  };
  const serve = createHostCalls(
    {
      ...createKv(store, grants),
      ...createFetch(grants, async () => []),
      ...createQueue({ grants, queues: async () => createGuestQueues(queues) }),
      ...createInvoke({
        grants,
        parseName: (_scope, name) => ({ name, arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}` }),
        resolve: async () => absent(),
        ...{ mayLoop: absent, parseEvent: absent, invoke: absent, enqueue: absent, toResult: absent, clock: Date.now },
      }),
    },
    (error) => failures.push(error),
  );
  const invocation = {
    requestId: 'r',
    traceId: '',
    receivedAt: 0,
    event: new Uint8Array(),
    target: toFunctionVersion('f'),
  };
  const { signal } = new AbortController();
  await fc.assert(
    fc.asyncProperty(heads, fc.uint8Array({ maxLength: 50 }), async (head, body) => {
      const answer = await serve({ head, body, invocation, signal, park: () => true });
      const said = JSON.parse(Buffer.from(answer.head).toString());
      expect(typeof said).toBe('object');
      if (said.error) expect(said.error).toEqual({ type: expect.any(String), message: expect.any(String) });
    }),
    { numRuns: RUNS },
  );
  expect(failures).toEqual([]);
  await queues.close();
}, 120_000);
