import { LambdaError } from '../../contract/errors.ts';

/** What another store tells of one of its objects. */
export interface ForeignRecord {
  readonly bucket: string;
  readonly key: string;
  /** Without `s3:`. */
  readonly eventName: string;
  readonly principalId: string;
  readonly sourceIp?: string;
  readonly bytes?: number;
  readonly etag?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
}

const MOST_RECORDS = 1_000;

/**
 * Reads `{"EventName", "Key", "Records": [{"eventName", "s3": {"bucket": {"name"}, "object": {"key", "size", "eTag"}}, ...}]}`, as
 * MinIO's webhook sends it. Throws a ValidationException.
 */
export function parseForeignEvent(body: Uint8Array): readonly ForeignRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalid('The event is not JSON.');
  }
  const { Records: records, EventName: eventName } = members(value);
  if (!Array.isArray(records) || records.length > MOST_RECORDS) {
    throw invalid(`"Records" must be a list of at most ${MOST_RECORDS}.`);
  }
  return records.map((record) => parseRecord(members(record), eventName));
}

function parseRecord(record: Members, eventNameOfAll: unknown): ForeignRecord {
  const s3 = members(record.s3);
  const object = members(s3.object);
  const [bucket, key] = [members(s3.bucket).name, object.key];
  const eventName = record.eventName ?? eventNameOfAll;
  if (!isText(bucket) || !isText(key) || !isText(eventName) || !/^(?:s3:)?[A-Za-z]+(?::[A-Za-z]+)*$/.test(eventName)) {
    throw invalid('A record must have an "eventName", a bucket and an object with a "key".');
  }
  const { size, eTag } = object;
  const principalId = members(record.userIdentity).principalId;
  const sourceIp = members(record.requestParameters).sourceIPAddress;
  const at = isText(record.eventTime) ? Date.parse(record.eventTime) : Number.NaN;
  return {
    ...{ bucket, key: decode(key), eventName: eventName.replace(/^s3:/, '') },
    principalId: isText(principalId) ? principalId : 'anonymous',
    ...(isText(sourceIp) ? { sourceIp } : {}),
    ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { bytes: size } : {}),
    ...(isText(eTag) ? { etag: eTag } : {}),
    ...(Number.isNaN(at) ? {} : { at }),
  };
}

type Members = Readonly<Record<string, unknown>>;

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 4_096 && !/\p{Surrogate}/u.test(value);
}

/** As forms are encoded. */
function decode(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw invalid('A key is not encoded as in a form.');
  }
}

function invalid(message: string): LambdaError {
  return new LambdaError('ValidationException', message);
}
