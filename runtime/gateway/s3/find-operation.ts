import { BucketError } from '../../buckets/index.ts';
import type { RequestHead } from '../request-head.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from './bucket-operations.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, getObjectTagging, headObject } from './get-object.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './multipart-operations.ts';
import { getNotifications, putNotifications } from './notification-operations.ts';
import { putObject } from './put-object.ts';
import type { S3Address } from './s3-address.ts';
import type { S3Operation } from './s3-operation.ts';

const OF_BUCKET: Readonly<Record<string, S3Operation>> = {
  'PUT ': createBucket,
  'HEAD ': headBucket,
  'DELETE ': deleteBucket,
  'GET ': listObjects,
  'GET location': getBucketLocation,
  'GET versioning': getBucketVersioning,
  'GET notification': getNotifications,
  'PUT notification': putNotifications,
  'POST delete': deleteObjects,
  'GET uploads': listMultipartUploads,
};
const OF_OBJECT: Readonly<Record<string, S3Operation>> = {
  'PUT ': putObject,
  'GET ': getObject,
  'GET tagging': getObjectTagging,
  'HEAD ': headObject,
  'DELETE ': deleteObject,
  'POST uploads': createMultipartUpload,
  'PUT uploadId': uploadPart,
  'POST uploadId': completeMultipartUpload,
  'DELETE uploadId': abortMultipartUpload,
  'GET uploadId': listParts,
};
/** Parameters that make a request another operation. Those that no operation above has are not there. */
const SUBRESOURCES: ReadonlySet<string> = new Set([
  ...[
    'accelerate',
    'acl',
    'analytics',
    'attributes',
    'cors',
    'delete',
    'encryption',
    'intelligent-tiering',
    'inventory',
  ],
  ...['legal-hold', 'lifecycle', 'location', 'logging', 'metrics', 'notification', 'object-lock', 'ownershipControls'],
  ...['policy', 'policyStatus', 'publicAccessBlock', 'renameObject', 'replication', 'requestPayment', 'restore'],
  ...[
    'retention',
    'select',
    'session',
    'tagging',
    'torrent',
    'uploadId',
    'uploads',
    'versioning',
    'versions',
    'website',
  ],
]);
/** Throws a NotImplemented for what S3 can and we cannot, and a MethodNotAllowed for what nobody can. */
export function findOperation({ method, query, headers }: RequestHead, { bucket, key }: S3Address): S3Operation {
  const names = query.map(([name]) => name).filter((name) => SUBRESOURCES.has(name));
  if (bucket === undefined) {
    if (method === 'GET') return listBuckets;
    throw notAllowed();
  }
  const [name = ''] = names;
  if (names.length > 1) throw notImplemented(names.join(', '));
  if (key === undefined) {
    if (method === 'GET' && name === '' && query.some((pair) => pair[0] === 'list-type' && pair[1] === '2')) {
      return listObjectsV2;
    }
    return OF_BUCKET[`${method} ${name}`] ?? refuse(name);
  }
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) {
    if (name === '') return copyObject;
    if (name === 'uploadId') return uploadPartCopy;
  }
  return OF_OBJECT[`${method} ${name}`] ?? refuse(name);
}

function refuse(name: string): never {
  throw name === '' ? notAllowed() : notImplemented(name);
}

function notAllowed(): BucketError {
  return new BucketError('MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

function notImplemented(what: string): BucketError {
  return new BucketError(
    'NotImplemented',
    `A parameter you provided implies functionality that is not implemented: ${what}`,
  );
}
