import { createHash } from 'node:crypto';
import { BucketError } from '../../buckets/index.ts';
import { Repeated, type XmlValue } from '../query/xml.ts';
import { parseCondition } from './conditions.ts';
import { parseMd5 } from './put-object.ts';
import { childrenOf, malformed, readXml, textOf } from './read-xml.ts';
import type { S3Operation, S3Request } from './s3-operation.ts';
import { toDocument } from './to-document.ts';

const MOST_KEYS = 1_000;

export const deleteObject: S3Operation = async (request) => {
  const { buckets, bucket, key, origin, exchange } = request;
  await request.allow('DeleteObject');
  await buckets.delete({ bucket, key, origin }, parseCondition(exchange.head.headers));
  return { status: 204 };
};

export const deleteObjects: S3Operation = async (request) => {
  const body = await request.document();
  const md5 = parseMd5(request.header('content-md5'));
  if (md5 !== undefined && !createHash('md5').update(body).digest().equals(md5)) {
    throw new BucketError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const root = readXml(body);
  const objects = childrenOf(root, 'Object');
  const keys = objects.map((object) => childrenOf(object, 'Key')[0]?.text);
  if (root.name !== 'Delete' || keys.length === 0 || keys.length > MOST_KEYS) throw malformed();
  request.buckets.table.get(request.bucket);
  const outcomes = await Promise.all(keys.map((key) => remove(request, key ?? '')));
  const isQuiet = textOf(root, 'Quiet') === 'true';
  const deleted = isQuiet ? [] : outcomes.filter((outcome) => !('Code' in outcome));
  const failed = outcomes.filter((outcome) => 'Code' in outcome);
  const xml = toDocument('DeleteResult', { Deleted: new Repeated(deleted), Error: new Repeated(failed) });
  return { status: 200, xml };
};

async function remove(request: S3Request, key: string): Promise<Readonly<Record<string, XmlValue>>> {
  const { buckets, bucket, origin } = request;
  if (key === '') return { Key: key, Code: 'MalformedXML', Message: 'The key is missing.' };
  const denial = await request.denial('DeleteObject', { bucket, key });
  if (denial !== undefined) return { Key: key, Code: 'AccessDenied', Message: denial };
  try {
    await buckets.delete({ bucket, key, origin });
    return { Key: key };
  } catch (error) {
    if (!(error instanceof BucketError)) throw error;
    return { Key: key, Code: error.code, Message: error.message };
  }
}
