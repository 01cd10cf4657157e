import { invalidArgument } from '../../buckets/index.ts';
import { Repeated } from '../query/xml.ts';
import { readXml, textOf } from './read-xml.ts';
import type { S3Answer, S3Operation } from './s3-operation.ts';
import { toDocument } from './to-document.ts';

/** Where S3 began; it says nothing of it. */
const FIRST_REGION = 'us-east-1';

export const listBuckets: S3Operation = async (request) => {
  await request.allow('ListAllMyBuckets', { bucket: '' });
  const buckets = request.buckets.table.list().map(({ name, settings }) => ({
    ...{ Name: name, CreationDate: new Date(settings.createdAt).toISOString(), BucketRegion: settings.region },
  }));
  const { accountId } = request.caller.scope;
  const Owner = { ID: accountId, DisplayName: accountId };
  return document(toDocument('ListAllMyBucketsResult', { Owner, Buckets: { Bucket: new Repeated(buckets) } }));
};

export const createBucket: S3Operation = async (request) => {
  const { bucket, caller } = request;
  await request.allow('CreateBucket');
  const body = await request.document();
  const asked = body.byteLength === 0 ? undefined : textOf(readXml(body), 'LocationConstraint');
  const region = asked === 'EU' ? 'eu-west-1' : asked || caller.scope.region;
  if (!/^[a-z0-9-]{1,64}$/.test(region)) throw invalidArgument('The specified location-constraint is not valid');
  await request.buckets.table.create(bucket, { accountId: caller.scope.accountId, region });
  return { status: 200, headers: { location: `/${bucket}` } };
};

export const headBucket: S3Operation = async (request) => {
  await request.allow('ListBucket');
  const { region } = request.buckets.table.get(request.bucket).settings;
  return { status: 200, headers: { 'x-amz-bucket-region': region, 'x-amz-access-point-alias': 'false' } };
};

export const deleteBucket: S3Operation = async (request) => {
  await request.allow('DeleteBucket');
  await request.buckets.table.delete(request.bucket);
  return { status: 204 };
};

export const getBucketLocation: S3Operation = async (request) => {
  await request.allow('GetBucketLocation');
  const { region } = request.buckets.table.get(request.bucket).settings;
  return document(toDocument('LocationConstraint', region === FIRST_REGION ? '' : region));
};

/** Nothing is ever versioned here, which is what S3 says of a bucket where nobody has asked for that. */
export const getBucketVersioning: S3Operation = async (request) => {
  await request.allow('GetBucketVersioning');
  request.buckets.table.get(request.bucket);
  return document(toDocument('VersioningConfiguration', ''));
};

function document(xml: string): S3Answer {
  return { status: 200, xml };
}
