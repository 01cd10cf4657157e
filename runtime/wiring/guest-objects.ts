import { randomUUID } from 'node:crypto';
import { BucketError, type Buckets, type ObjectRecord, type Origin } from '../buckets/index.ts';
import { CallError, type GuestObject, type GuestObjects, type GuestOrigin } from '../capabilities/index.ts';
import { OutboxFull } from '../contract/letter.ts';

const DEFAULT_TYPE = 'binary/octet-stream';

/** Objects as guests ask for them. */
export function createGuestObjects(buckets: Buckets): GuestObjects {
  return {
    get: ({ bucket, key }, part) =>
      told(async () => {
        const { record, reader } = await buckets.openObject(bucket, key);
        try {
          const length = part.length ?? Math.max(0, record.bytes - part.offset);
          if (length > part.mostBytes) {
            const text = `The object has ${record.bytes} bytes: read it in parts of at most ${part.mostBytes}.`;
            throw new CallError('EntityTooLarge', text);
          }
          const { contentType = DEFAULT_TYPE, user } = record.details;
          const wanted = Math.min(length, Math.max(0, record.bytes - part.offset));
          const body = await reader.read(part.offset, wanted);
          return { ...toGuestObject(record), contentType, metadata: user, body };
        } finally {
          await reader.close();
        }
      }),
    put: ({ bucket, key }, { body, contentType }, origin) =>
      told(async () => {
        const metadata = { ...(contentType === undefined ? {} : { contentType }), headers: {}, user: {} };
        const upload = { bytes: body.byteLength, content: once(body), metadata };
        const { details } = await buckets.put({ bucket, key, origin: toOrigin(origin) }, upload);
        return { etag: details.etag };
      }),
    delete: ({ bucket, key }, origin) =>
      told(async () => {
        await buckets.delete({ bucket, key, origin: toOrigin(origin) });
      }),
    list: (bucket, { prefix, after, limit }) =>
      told(async () => {
        const { objects, next } = buckets.list(bucket, { prefix, after, most: limit, delimiter: '' });
        return { objects: objects.map(toGuestObject), ...(next === undefined ? {} : { next }) };
      }),
  };
}

function toGuestObject({ key, bytes, details: { etag } }: ObjectRecord): GuestObject {
  return { key, bytes, etag };
}

function toOrigin({ role, functionName, traceId }: GuestOrigin): Origin {
  const principalId = `AWS:${role.split('/').at(-1)}:${functionName}`;
  return { requestId: randomUUID(), principalId, sourceIp: '127.0.0.1', traceId };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BucketError) throw new CallError(error.code, error.message);
    if (error instanceof OutboxFull) throw new CallError('SlowDown', error.message);
    throw error;
  }
}
