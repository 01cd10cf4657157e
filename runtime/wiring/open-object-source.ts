import { BucketError, type Buckets } from '../buckets/index.ts';
import type { Config } from '../config.ts';
import { LambdaError } from '../contract/errors.ts';
import { UNZIPPED_BYTES } from '../contract/limits.ts';
import type { ObjectName, ObjectSource } from '../contract/object-source.ts';
import { createObjectSource } from '../store/s3/object-source.ts';
import { Turns } from '../store/turns.ts';

type S3Config = Pick<Config, 's3Endpoint' | 's3Region' | 's3AccessKeyId' | 's3SecretAccessKey'>;

/** Objects read at a time: a small request may ask for a large one. */
const LANES = 2;

/** Where packages are read from that requests only name: the configured server, else our own buckets. */
export function openObjectSource(config: S3Config, buckets: () => Promise<Buckets>): ObjectSource {
  const { s3Endpoint, s3Region: region, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = config;
  if (s3Endpoint === undefined) return createOwnSource(buckets);
  const signed = accessKeyId !== undefined && secretAccessKey !== undefined;
  const credentials = signed ? { credentials: { accessKeyId, secretAccessKey } } : {};
  return createObjectSource({ endpoint: new URL(s3Endpoint), region, ...credentials });
}

function createOwnSource(buckets: () => Promise<Buckets>): ObjectSource {
  const lanes = new Turns();
  let asked = 0;
  return (object) => lanes.take(String(asked++ % LANES), async () => read(await buckets(), object));
}

async function read(buckets: Buckets, { bucket, key, version = 'null' }: ObjectName): Promise<Uint8Array> {
  if (version !== 'null') throw refused('NoSuchVersion', 'The specified version does not exist.');
  try {
    const { record, reader } = await buckets.openObject(bucket, key);
    try {
      if (record.bytes <= UNZIPPED_BYTES) return await reader.read(0, record.bytes);
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw error instanceof BucketError ? refused(error.code, error.message) : error;
  }
  const text = `Unzipped size must be smaller than ${UNZIPPED_BYTES} bytes`;
  throw new LambdaError('InvalidParameterValueException', text);
}

function refused(code: string, message: string): LambdaError {
  return new LambdaError(
    'InvalidParameterValueException',
    `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`,
  );
}
