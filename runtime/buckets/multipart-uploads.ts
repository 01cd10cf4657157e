import { createHash, randomUUID } from 'node:crypto';
import type { ObjectFiles } from '../store/object-files.ts';
import { BucketError, invalidArgument } from './bucket-error.ts';
import type { ObjectMetadata } from './bucket-record.ts';
import type { ByteQuota } from './byte-quota.ts';
import type { Checksum } from './checksum.ts';
import { receive } from './receive.ts';
import type { Upload } from './upload.ts';

export interface MultipartDeps {
  readonly files: ObjectFiles;
  readonly quota: ByteQuota;
  readonly clock: () => number;
}

export interface Part {
  readonly number: number;
  readonly file: string;
  readonly bytes: number;
  readonly md5: Buffer;
  readonly checksum?: Checksum;
  readonly modifiedAt: number;
}

/** An object that comes in parts, which are not its own before it is complete. */
export interface MultipartUpload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly metadata: ObjectMetadata;
  readonly startedAt: number;
  readonly parts: Map<number, Part>;
}

const MOST_UPLOADS = 1_000;
const MOST_PARTS = 10_000;
/** But for the last one. S3's. */
const LEAST_PART_BYTES = 5_242_880;
/** An upload that nobody has completed by then is given up when another begins, in milliseconds. */
const LIFETIME_MS = 86_400_000;
/** Read at a time. */
const PIECE_BYTES = 262_144;

/**
 * Uploads in parts, while this process lives: what is not complete when it ends is gone, as if it had been aborted, and its client
 * begins anew. Parts are files, and count in the quota.
 */
export class MultipartUploads {
  readonly #deps: MultipartDeps;
  readonly #uploads = new Map<string, MultipartUpload>();

  constructor(deps: MultipartDeps) {
    this.#deps = deps;
  }

  async begin(bucket: string, key: string, metadata: ObjectMetadata): Promise<MultipartUpload> {
    const startedAt = this.#deps.clock();
    for (const upload of this.#uploads.values()) {
      if (upload.startedAt + LIFETIME_MS < startedAt) await this.#forget(upload);
    }
    if (this.#uploads.size >= MOST_UPLOADS) throw new BucketError('SlowDown', 'Too many uploads in parts have begun.');
    const upload = { id: randomUUID(), bucket, key, metadata, startedAt, parts: new Map() };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  /** Throws a NoSuchUpload. */
  get(id: string, bucket: string, key: string): MultipartUpload {
    const upload = this.#uploads.get(id);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) {
      const text =
        'The specified upload does not exist. The upload ID may be invalid, or it may have been aborted or completed.';
      throw new BucketError('NoSuchUpload', text);
    }
    return upload;
  }

  /** Of a bucket, by key. */
  list(bucket: string): readonly MultipartUpload[] {
    return [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket)
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  /** Takes a part, in place of an earlier one of its number. */
  async put(upload: MultipartUpload, number: number, content: Omit<Upload, 'metadata' | 'condition'>): Promise<Part> {
    if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
      throw invalidArgument(`Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
    }
    const { files, quota, clock } = this.#deps;
    const { bytes } = content;
    quota.take(bytes);
    let part: Part;
    try {
      part = { number, bytes, ...(await receive(files, content)), modifiedAt: clock() };
    } catch (error) {
      quota.giveBack(bytes);
      throw error;
    }
    const isGone = this.#uploads.get(upload.id) !== upload;
    const before = isGone ? part : upload.parts.get(number);
    if (!isGone) upload.parts.set(number, part);
    if (before !== undefined) await this.#drop(before);
    if (isGone) this.get(upload.id, upload.bucket, upload.key);
    return part;
  }

  async abort(upload: MultipartUpload): Promise<void> {
    await this.#forget(upload);
  }

  /**
   * Makes one object of the parts that are named, by `store`; throws an InvalidPart, InvalidPartOrder or EntityTooSmall. Nobody
   * else can complete or abort it meanwhile; when that fails, all is as it was.
   */
  async complete<Stored>(
    upload: MultipartUpload,
    named: readonly { readonly number: number; readonly etag: string }[],
    store: (whole: Pick<Upload, 'bytes' | 'content' | 'metadata' | 'etag'>) => Promise<Stored>,
  ): Promise<Stored> {
    const parts = assertParts(upload, named);
    const digest = createHash('md5');
    for (const { md5 } of parts) digest.update(md5);
    const etag = `${digest.digest('hex')}-${parts.length}`;
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    this.#uploads.delete(upload.id);
    try {
      const content = readAll(this.#deps.files, parts);
      const stored = await store({ bytes, content, metadata: upload.metadata, etag });
      await this.#forget(upload);
      return stored;
    } catch (error) {
      this.#uploads.set(upload.id, upload);
      throw error;
    }
  }

  async #forget(upload: MultipartUpload): Promise<void> {
    this.#uploads.delete(upload.id);
    const parts = [...upload.parts.values()];
    upload.parts.clear();
    for (const part of parts) await this.#drop(part);
  }

  async #drop({ file, bytes }: Part): Promise<void> {
    this.#deps.quota.giveBack(bytes);
    await this.#deps.files.remove(file).catch(() => undefined);
  }
}

function assertParts(
  { parts }: MultipartUpload,
  named: readonly { readonly number: number; readonly etag: string }[],
): readonly Part[] {
  if (named.some(({ number }, at) => at > 0 && number <= (named[at - 1]?.number ?? 0))) {
    throw new BucketError('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const found = named.map(({ number, etag }) => {
    const part = parts.get(number);
    if (part?.md5.toString('hex') === etag) return part;
    throw new BucketError('InvalidPart', 'One or more of the specified parts could not be found.');
  });
  if (found.slice(0, -1).some(({ bytes }) => bytes < LEAST_PART_BYTES)) {
    throw new BucketError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.');
  }
  return found;
}

async function* readAll(files: ObjectFiles, parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const { file, bytes } of parts) {
    const reader = await files.open(file);
    if (reader === undefined) return;
    try {
      for (let at = 0; at < bytes; ) {
        const piece = await reader.read(at, PIECE_BYTES);
        if (piece.byteLength === 0) return;
        at += piece.byteLength;
        yield piece;
      }
    } finally {
      await reader.close();
    }
  }
}
