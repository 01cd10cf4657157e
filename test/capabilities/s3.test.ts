import { describe, expect, it } from 'vitest';
import { CallError, createS3, type GuestObjects } from '../../runtime/capabilities/index.ts';
import { HOST_CALL_BODY_BYTES } from '../../runtime/contract/limits.ts';
import { callerOf, grantsOf } from './fixture.ts';

const OBJECT = { key: 'k', bytes: 5, etag: 'e', contentType: 'text/x', metadata: {} };

function createObjects(): { objects: GuestObjects; asked: unknown[] } {
  const asked: unknown[] = [];
  const objects: GuestObjects = {
    async get(name, part) {
      asked.push(['get', name, part]);
      if (name.key === 'absent') throw new CallError('NoSuchKey', 'The specified key does not exist.');
      return { ...OBJECT, body: Buffer.from('hello') };
    },
    async put(name, { body, contentType }, origin) {
      asked.push(['put', name, Buffer.from(body).toString(), contentType, origin]);
      return { etag: 'e' };
    },
    async delete(name) {
      asked.push(['delete', name]);
    },
    async list(bucket, range) {
      asked.push(['list', bucket, range]);
      return { objects: [OBJECT], next: 'k' };
    },
  };
  return { objects, asked };
}

describe("a guest's objects", () => {
  it('are read, put, deleted and listed as the role allows', async () => {
    const { objects, asked } = createObjects();
    const grants = grantsOf('s3:*');
    const call = callerOf(createS3({ grants, objects: async () => objects }));
    const at = { bucket: 'photos', key: 'k' };
    expect(await call({ op: 's3.get', ...at })).toEqual({ head: OBJECT, text: 'hello' });
    await call({ op: 's3.get', ...at, offset: 2, length: 3 });
    const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    expect((await call({ op: 's3.put', ...at, contentType: 'a/b' }, { body: 'new', traceId })).head).toEqual({
      etag: 'e',
    });
    expect((await call({ op: 's3.delete', ...at })).head).toEqual({});
    const listed = await call({ op: 's3.list', bucket: 'photos', prefix: 'a/', limit: 7 });
    expect(listed.head).toEqual({ objects: [OBJECT], next: 'k' });
    const origin = {
      role: expect.any(String),
      functionName: 'f',
      traceId: expect.stringContaining(`${traceId};Lineage=`),
    };
    expect(asked).toEqual([
      ['get', at, { offset: 0, mostBytes: HOST_CALL_BODY_BYTES }],
      ['get', at, { offset: 2, length: 3, mostBytes: HOST_CALL_BODY_BYTES }],
      ['put', at, 'new', 'a/b', origin],
      ['delete', at],
      ['list', 'photos', { prefix: 'a/', after: '', limit: 7 }],
    ]);
    expect((await call({ op: 's3.get', ...at, key: 'absent' })).head).toMatchObject({ error: { type: 'NoSuchKey' } });
  });

  it('are nobody else’s: each operation needs its own action on its own object', async () => {
    const { objects, asked } = createObjects();
    const call = callerOf(
      createS3({ grants: grantsOf('s3:GetObject arn:aws:s3:::photos/a/*'), objects: async () => objects }),
    );
    const at = { bucket: 'photos', key: 'a/k' };
    for (const head of [
      ...[
        { op: 's3.get', ...at, key: 'b' },
        { op: 's3.get', ...at, bucket: 'other' },
        { op: 's3.put', ...at },
      ],
      ...[
        { op: 's3.delete', ...at },
        { op: 's3.list', bucket: 'photos' },
      ],
    ]) {
      expect((await call(head)).head, JSON.stringify(head)).toMatchObject({ error: { type: 'AccessDenied' } });
    }
    expect(asked).toEqual([]);
    expect((await call({ op: 's3.get', ...at })).text).toBe('hello');
  });

  it('are asked for by what can be one', async () => {
    const { objects, asked } = createObjects();
    const call = callerOf(createS3({ grants: grantsOf('s3:*'), objects: async () => objects }));
    for (const [head, type] of [
      [{ op: 's3.get', bucket: 'photos' }, 'InvalidRequest'],
      [{ op: 's3.get', bucket: 'photos', key: '' }, 'InvalidRequest'],
      [{ op: 's3.get', bucket: 'ph*', key: 'k' }, 'InvalidBucketName'],
      [{ op: 's3.get', bucket: 'photos', key: 'k', offset: -1 }, 'InvalidRequest'],
      [{ op: 's3.get', bucket: 'photos', key: 'k', length: HOST_CALL_BODY_BYTES + 1 }, 'InvalidRequest'],
      [{ op: 's3.get', bucket: 'photos', key: '\ud800' }, 'InvalidRequest'],
      [{ op: 's3.put', bucket: 'photos', key: 'k', contentType: 'a\r\nb: c' }, 'InvalidRequest'],
      [{ op: 's3.list', bucket: 5 }, 'InvalidRequest'],
      [{ op: 's3.list', bucket: 'photos', limit: 0 }, 'InvalidRequest'],
    ] as const) {
      expect((await call(head)).head, JSON.stringify(head)).toMatchObject({ error: { type } });
    }
    expect(asked).toEqual([]);
  });
});
