import { toHostAnswer } from '../../contract/host-call.ts';
import { HOST_CALL_BODY_BYTES } from '../../contract/limits.ts';
import { CallError, invalid } from '../call-error.ts';
import type { Capabilities, Request } from '../capability.ts';
import type { Grants } from '../grants.ts';
import type { Head } from '../head.ts';
import { parseLineage } from '../invoke/lineage.ts';

export interface GuestObjectName {
  readonly bucket: string;
  readonly key: string;
}

/** An object's description. */
export interface GuestObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
}

export interface GuestObjectPart extends GuestObject {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Who changes an object, for those who are told. */
export interface GuestOrigin {
  readonly role: string;
  readonly functionName: string;
  readonly traceId: string;
}

/** The buckets of the house. Throws CallErrors under S3's names. */
export interface GuestObjects {
  get(
    name: GuestObjectName,
    part: { readonly offset: number; readonly length: number | undefined; readonly mostBytes: number },
  ): Promise<GuestObjectPart>;
  /** Resolves when the object, and who is to be told of it, are durable. */
  put(
    name: GuestObjectName,
    object: { readonly body: Uint8Array; readonly contentType: string | undefined },
    origin: GuestOrigin,
  ): Promise<{ readonly etag: string }>;
  delete(name: GuestObjectName, origin: GuestOrigin): Promise<void>;
  list(
    bucket: string,
    range: { readonly prefix: string; readonly after: string; readonly limit: number },
  ): Promise<{ readonly objects: readonly GuestObject[]; readonly next?: string }>;
}

export interface S3Deps {
  readonly grants: Grants;
  /** Opened when a guest first asks for one. */
  readonly objects: () => Promise<GuestObjects>;
}

const MOST_LISTED = 100;

/** Objects in our own buckets: `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` on the object's ARN, `s3:ListBucket` on the bucket's. */
export function createS3({ grants, objects }: S3Deps): Capabilities {
  return {
    async 's3.get'({ head, caller }) {
      const name = nameOf(head);
      const offset = head.optionalInteger('offset', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0;
      const length = head.optionalInteger('length', { min: 0, max: HOST_CALL_BODY_BYTES });
      await grants.demand(caller, 's3:GetObject', toArn(name));
      const part = { offset, length, mostBytes: HOST_CALL_BODY_BYTES };
      const { body, ...object } = await (await objects()).get(name, part);
      return toHostAnswer({ ...object }, body);
    },
    async 's3.put'(request) {
      const { head, body, caller } = request;
      const name = nameOf(head);
      const contentType = head.optionalText('contentType');
      if (contentType !== undefined && !/^[\x20-\x7e]{1,256}$/.test(contentType)) {
        throw invalid('"contentType" cannot be said in a header.');
      }
      await grants.demand(caller, 's3:PutObject', toArn(name));
      return toHostAnswer({ ...(await (await objects()).put(name, { body, contentType }, originOf(request))) });
    },
    async 's3.delete'(request) {
      const name = nameOf(request.head);
      await grants.demand(request.caller, 's3:DeleteObject', toArn(name));
      await (await objects()).delete(name, originOf(request));
      return toHostAnswer({});
    },
    async 's3.list'({ head, caller }) {
      const bucket = bucketOf(head);
      const limit = head.optionalInteger('limit', { min: 1, max: MOST_LISTED }) ?? MOST_LISTED;
      const range = { prefix: head.optionalText('prefix') ?? '', after: head.optionalText('after') ?? '', limit };
      await grants.demand(caller, 's3:ListBucket', `arn:aws:s3:::${bucket}`);
      return toHostAnswer({ ...(await (await objects()).list(bucket, range)) });
    },
  };
}

function nameOf(head: Head): GuestObjectName {
  const key = head.text('key');
  if (key === '') throw invalid('"key" is missing.');
  return { bucket: bucketOf(head), key };
}

/** What a policy is asked about must be a name, and no pattern of names. */
function bucketOf(head: Head): string {
  const bucket = head.text('bucket');
  if (/^[a-z0-9.-]{3,63}$/.test(bucket)) return bucket;
  throw new CallError('InvalidBucketName', 'The specified bucket is not valid.');
}

function toArn({ bucket, key }: GuestObjectName): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

function originOf({ caller, invocation }: Request): GuestOrigin {
  const traceId = parseLineage(invocation.traceId, caller.arn).writeTo(invocation.traceId);
  return { role: caller.role, functionName: caller.name, traceId };
}
