/** Something that became of an object, as S3 tells it. */
export interface ObjectEvent {
  /** Such as `ObjectCreated:Put`. */
  readonly name: string;
  readonly bucket: string;
  readonly region: string;
  readonly accountId: string;
  readonly key: string;
  /** Absent when it is gone. */
  readonly bytes?: number;
  readonly etag?: string;
  /** Hexadecimal; of two events of one key the later has the greater. */
  readonly sequencer: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly requestId: string;
  /** Who did it: an access key's owner, such as `AWS:AIDAEXAMPLE`. */
  readonly principalId: string;
  readonly sourceIp: string;
}

/** Structure 2.1 of S3's notifications, with one record, as JSON. */
export function toS3Event(event: ObjectEvent, configurationId: string): string {
  const { name, bucket, region, accountId, at, requestId, principalId, sourceIp } = event;
  const record = {
    ...{ eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: region },
    ...{ eventTime: new Date(at).toISOString(), eventName: name },
    userIdentity: { principalId },
    requestParameters: { sourceIPAddress: sourceIp },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': toHostId(requestId) },
    s3: {
      ...{ s3SchemaVersion: '1.0', configurationId },
      bucket: { name: bucket, ownerIdentity: { principalId: accountId }, arn: `arn:aws:s3:::${bucket}` },
      object: toObject(event),
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** What S3 sends a queue or a topic once, when it is told to notify it. */
export function toS3TestEvent(test: {
  readonly bucket: string;
  readonly requestId: string;
  readonly at: number;
}): string {
  const { bucket, requestId, at } = test;
  return JSON.stringify({
    ...{ Service: 'Amazon S3', Event: 's3:TestEvent', Time: new Date(at).toISOString(), Bucket: bucket },
    ...{ RequestId: requestId, HostId: toHostId(requestId) },
  });
}

function toObject({ key, bytes, etag, sequencer }: ObjectEvent): Readonly<Record<string, unknown>> {
  return {
    key: toEventKey(key),
    ...(bytes === undefined ? {} : { size: bytes }),
    ...(etag === undefined ? {} : { eTag: etag }),
    sequencer,
  };
}

/** As forms are encoded, but for slashes. */
function toEventKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function toHostId(requestId: string): string {
  return Buffer.from(requestId).toString('base64');
}

const BUS: Readonly<Record<string, readonly [type: string, reason: string]>> = {
  'ObjectCreated:Put': ['Object Created', 'PutObject'],
  'ObjectCreated:Copy': ['Object Created', 'CopyObject'],
  'ObjectCreated:CompleteMultipartUpload': ['Object Created', 'CompleteMultipartUpload'],
  'ObjectRemoved:Delete': ['Object Deleted', 'DeleteObject'],
};

/** The same as an event bus is told it: its detail type, and its detail as JSON. Undefined for what is not told there. */
export function toS3BusDetail(event: ObjectEvent): { readonly type: string; readonly body: string } | undefined {
  const [type, reason] = BUS[event.name] ?? [];
  if (type === undefined) return undefined;
  const { bucket, key, bytes, etag, sequencer, requestId, accountId, sourceIp } = event;
  const isGone = event.name.startsWith('ObjectRemoved');
  const object = {
    key,
    ...(bytes === undefined ? {} : { size: bytes }),
    ...(etag === undefined ? {} : { etag }),
    sequencer,
  };
  const detail = {
    ...{ version: '0', bucket: { name: bucket }, object, 'request-id': requestId, requester: accountId },
    ...{ 'source-ip-address': sourceIp, reason, ...(isGone ? { 'deletion-type': 'Permanently Deleted' } : {}) },
  };
  return { type, body: JSON.stringify(detail) };
}
