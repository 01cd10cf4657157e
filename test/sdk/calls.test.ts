import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import { type AskHost, toHostAnswer, toHostError } from '../../runtime/contract/host-call.ts';
import { textOf, toInThread } from '../support/in-thread.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('the SDK asks the host as it is to be asked, and understands its answers', async () => {
  const asked: unknown[] = [];
  const answers = [
    toHostAnswer({ version: 5 }, bytes('größe')),
    toHostAnswer({ done: false, version: 8 }),
    toHostAnswer({ done: true, version: 0, existed: true }),
    toHostAnswer({ done: false, version: 4 }),
    toHostAnswer({ keys: [{ key: 'a/2', version: 1, bytes: 9 }], next: 'a/2' }),
    toHostAnswer({ status: 201, headers: [['content-type', 'text/x']], url: 'https://api.test/' }, bytes('created')),
    toHostAnswer({ status: 200, functionError: 'Unhandled' }, bytes('{"errorType":"E"}')),
    toHostAnswer({ messageId: 'm-1', sequenceNumber: '5' }),
    toHostError('QueueDoesNotExist', 'none'),
    toHostError('AccessDenied', 'no'),
  ];
  const ask: AskHost = ({ head, body }) => {
    asked.push([JSON.parse(Buffer.from(head).toString()), Buffer.from(body).toString()]);
    return { cell: new Int32Array(1), call: 0, take: () => answers.shift() ?? toHostAnswer({}) };
  };
  const { wasm } = await buildFunction(resolve('test/fixtures/sdk/probe'), () => {});
  const outcome = toInThread(wasm, { settings: { handler: 'index.calls' }, host: { ask } }).invoke();
  expect(asked).toEqual([
    [{ op: 'kv.get', key: 'k' }, ''],
    [{ op: 'kv.put', key: 'k', namespace: 'other', ifVersion: 7 }, 'grün'],
    [{ op: 'kv.delete', key: 'k' }, ''],
    [{ op: 'kv.delete', key: 'k', ifVersion: 3 }, ''],
    [{ op: 'kv.list', prefix: 'a/', after: 'a/1', limit: 2 }, ''],
    [
      {
        ...{ op: 'fetch', url: 'https://api.test/', method: 'POST', redirect: 'follow' },
        headers: [
          ['x-a', '1'],
          ['content-type', 'application/json'],
        ],
      },
      '{"a":1}',
    ],
    [{ op: 'invoke', function: 'f:live', type: 'RequestResponse' }, '{"n":1}'],
    [
      {
        ...{ op: 'queue.send', queue: 'orders.fifo', groupId: 'g', deduplicationId: 'd' },
        attributes: {
          kind: { DataType: 'String', StringValue: 'new' },
          n: { DataType: 'Number', StringValue: '7' },
        },
      },
      'größer',
    ],
    [{ op: 'queue.send', queue: 'orders', delaySeconds: 9 }, 'later'],
    [{ op: 'invoke', function: 'g', type: 'Event' }, '{}'],
  ]);
  expect(JSON.parse(textOf(outcome))).toEqual({
    ...{ get: 'größe', exists: true, version: 5, put: false, putVersion: 8, deleted: true, deletedIf: false },
    ...{ keys: 1, key: 'a/2', bytes: 9, next: 'a/2', ok: true, status: 201, body: 'created' },
    ...{ header: 'text/x', noHeader: null, payload: '{"errorType":"E"}', failed: true, error: 'AccessDenied: no' },
    ...{ messageId: 'm-1', sequenceNumber: '5', later: 'QueueDoesNotExist: none' },
  });
});

it('the SDK asks for objects, and understands what it is given', async () => {
  const asked: unknown[] = [];
  const answers = [
    toHostAnswer({ key: 'größe', bytes: 6, etag: 'e1', contentType: 'text/x', metadata: {} }, bytes('grün')),
    toHostError('EntityTooLarge', 'too large'),
    toHostAnswer({ etag: 'e2' }),
    toHostAnswer({ etag: 'e3' }),
    toHostAnswer({}),
    toHostAnswer({ objects: [{ key: 'a/2', bytes: 9, etag: 'e4' }], next: 'a/2' }),
  ];
  const ask: AskHost = ({ head, body }) => {
    asked.push([JSON.parse(Buffer.from(head).toString()), Buffer.from(body).toString()]);
    return { cell: new Int32Array(1), call: 0, take: () => answers.shift() ?? toHostAnswer({}) };
  };
  const { wasm } = await buildFunction(resolve('test/fixtures/sdk/probe'), () => {});
  const outcome = toInThread(wasm, { settings: { handler: 'index.objects' }, host: { ask } }).invoke();
  const bucket = 'photos';
  expect(asked).toEqual([
    [{ op: 's3.get', bucket, key: 'größe' }, ''],
    [{ op: 's3.get', bucket, key: 'k', offset: 5, length: 9 }, ''],
    [{ op: 's3.put', bucket, key: 'k', contentType: 'text/plain; charset=utf-8' }, 'grün'],
    [{ op: 's3.put', bucket, key: 'k', contentType: 'application/octet-stream' }, 'x'],
    [{ op: 's3.delete', bucket, key: 'k' }, ''],
    [{ op: 's3.list', bucket, prefix: 'a/', after: 'a/1', limit: 2 }, ''],
  ]);
  expect(JSON.parse(textOf(outcome))).toEqual({
    ...{ text: 'grün', size: 6, etag: 'e1', type: 'text/x', part: 'EntityTooLarge', put: 'e2', bytes: 'e3' },
    ...{ deleted: true, key: 'a/2', keySize: 9, next: 'a/2' },
  });
});

it('the SDK reads what a bucket tells, and nothing else as that', async () => {
  const { wasm } = await buildFunction(resolve('test/fixtures/sdk/probe'), () => {});
  const thread = toInThread(wasm, { settings: { handler: 'index.told' } });
  const told = (event: unknown): unknown => JSON.parse(textOf(thread.invokeText(JSON.stringify(event))));
  const s3 = { bucket: { name: 'photos' }, object: { key: 'a/gr%C3%BCn+%2B1.png', size: 7, eTag: 'e' } };
  const record = { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3 };
  expect(told({ Records: [record, { eventSource: 'aws:sqs' }] })).toEqual([
    { event: 'ObjectCreated:Put', bucket: 'photos', key: 'a/grün +1.png', size: 7, etag: 'e' },
  ]);
  for (const event of [{}, { Records: 5 }, { Records: [1] }, null]) expect(told(event)).toEqual([]);
});
