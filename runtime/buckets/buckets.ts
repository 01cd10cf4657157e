import type { Deliver } from '../contract/delivery.ts';
import type { Post } from '../contract/letter.ts';
import { StorageError } from '../contract/storage-error.ts';
import type { BucketStore } from '../store/bucket-store.ts';
import type { ObjectFiles, ObjectReader } from '../store/object-files.ts';
import { Turns } from '../store/turns.ts';
import { assertNotifications } from './assert-notifications.ts';
import { noSuchBucket, noSuchKey } from './bucket-error.ts';
import type { BucketSettings, ObjectDetails, ObjectRecord } from './bucket-record.ts';
import { BucketTable } from './bucket-table.ts';
import { ByteQuota } from './byte-quota.ts';
import { type Listing, type ListingOptions, list } from './listing.ts';
import { MultipartUploads } from './multipart-uploads.ts';
import { assertKey } from './names.ts';
import type { Notifications } from './notifications.ts';
import { notify } from './notifier.ts';
import { receive } from './receive.ts';
import { Sequencers } from './sequencers.ts';
import { tryTargets } from './try-targets.ts';
import { assertCondition, type Condition, type Upload } from './upload.ts';

export interface BucketsDeps {
  readonly store: BucketStore<BucketSettings, ObjectDetails>;
  readonly files: ObjectFiles;
  readonly post: Post;
  /** Tries those who are to be notified. */
  readonly deliver: Deliver;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** In bytes. */
  readonly most: { readonly object: number; readonly all: number };
}

/** On whose behalf an object is changed, for those who are told. */
export interface Origin {
  readonly requestId: string;
  readonly principalId: string;
  readonly sourceIp: string;
  /** What it came of, where that is known: its lineage ends what goes round in circles. */
  readonly traceId?: string | undefined;
}

/** Where an object is, and who changes it. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly origin: Origin;
}

/** An object that is open: its bytes are these, whatever becomes of it meanwhile. To be closed. */
export interface OpenObject {
  readonly record: ObjectRecord;
  readonly reader: ObjectReader;
}

/** An object is replaced between the look at it and the opening of its file; who is so unlucky looks again. */
const LOOKS = 16;

/**
 * S3 without its protocol: buckets, and objects in them. An object is there when its file is flushed and its row is committed,
 * and answered when its notifications are durable as well. What throws throws BucketErrors and StorageErrors.
 */
export class Buckets {
  readonly table: BucketTable;
  readonly parts: MultipartUploads;
  readonly #deps: BucketsDeps;
  readonly #turns = new Turns();
  readonly #sequencers: Sequencers;
  readonly #quota: ByteQuota;

  constructor(deps: BucketsDeps) {
    this.#deps = deps;
    this.table = new BucketTable(deps.store, deps.clock);
    this.#sequencers = new Sequencers(deps.clock);
    this.#quota = new ByteQuota(deps.most);
    this.parts = new MultipartUploads({ files: deps.files, quota: this.#quota, clock: deps.clock });
  }

  /** Clears away what a crash has left; to be awaited before anything below. */
  async open(): Promise<void> {
    const { names, bytes } = this.#deps.store.files();
    this.#quota.count(bytes);
    await this.#deps.files.sweep(names);
  }

  close(): void {}

  /** Throws a NoSuchBucket, or a NoSuchKey. */
  get(bucket: string, key: string): ObjectRecord {
    const record = this.#find(bucket, key);
    if (record === undefined) throw noSuchKey();
    return record;
  }

  /** Throws as `get` does. */
  async openObject(bucket: string, key: string): Promise<OpenObject> {
    for (let look = 0; look < LOOKS; look++) {
      const record = this.get(bucket, key);
      const reader = await this.#deps.files.open(record.file);
      if (reader !== undefined) return { record, reader };
    }
    throw new Error(`The file of an object is missing: ${bucket}/${key}.`);
  }

  list(bucket: string, options: ListingOptions): Listing {
    this.table.get(bucket);
    return list((range) => this.#deps.store.objects(bucket, range), options);
  }

  /** `event`: what it is told as, such as `ObjectCreated:Put`. */
  async put(
    { bucket, key, origin }: Place,
    upload: Upload,
    event: string = 'ObjectCreated:Put',
  ): Promise<ObjectRecord> {
    assertKey(key);
    assertCondition(upload.condition, this.#find(bucket, key));
    this.#quota.take(upload.bytes);
    const { object, sequencer } = await this.#store({ bucket, key }, upload);
    const { bytes, details } = object;
    await this.#tell({ bucket, key, origin }, event, { sequencer, bytes, etag: details.etag });
    return object;
  }

  /** Answers whether it was there. */
  async delete({ bucket, key, origin }: Place, condition?: Condition): Promise<'deleted' | 'missing'> {
    this.table.get(bucket);
    const sequencer = await this.#turns.take(`${bucket}/${key}`, async () => {
      const { store, files } = this.#deps;
      const current = this.#find(bucket, key);
      if (current === undefined) return undefined;
      assertCondition(condition, current);
      await store.deleteObject(bucket, key);
      this.#quota.giveBack(current.bytes);
      await files.remove(current.file).catch(() => undefined);
      return this.#sequencers.next();
    });
    if (sequencer === undefined) return 'missing';
    await this.#tell({ bucket, key, origin }, 'ObjectRemoved:Delete', { sequencer });
    return 'deleted';
  }

  /** Throws an InvalidArgument for what cannot be, and for targets that would not have it, if they are tried. */
  async setNotifications(
    bucket: string,
    notifications: Notifications,
    { targets }: { readonly targets: 'tried' | 'believed' },
  ): Promise<void> {
    assertNotifications(notifications);
    const { accountId } = this.table.get(bucket).settings;
    const { deliver, clock } = this.#deps;
    if (targets === 'tried') await tryTargets(deliver, notifications.targets, { bucket, accountId, at: clock() });
    await this.table.setNotifications(bucket, notifications);
  }

  /** Tells those who are to be told of something that became of an object elsewhere. Throws a NoSuchBucket. */
  async relay(
    place: Place,
    event: string,
    object: { readonly bytes?: number; readonly etag?: string; readonly at?: number },
  ): Promise<void> {
    await this.#tell(place, event, { ...object, sequencer: this.#sequencers.next() });
  }

  /** Answers when the object is durable. */
  async #store(
    { bucket, key }: Omit<Place, 'origin'>,
    upload: Upload,
  ): Promise<{ readonly object: ObjectRecord; readonly sequencer: string }> {
    const { files, clock } = this.#deps;
    const { bytes, metadata, condition } = upload;
    let file: string | undefined;
    try {
      const received = await receive(files, upload);
      file = received.file;
      const sum = received.checksum === undefined ? {} : { checksum: received.checksum };
      const etag = upload.etag ?? received.md5.toString('hex');
      const object = { key, file, bytes, details: { ...metadata, ...sum, etag, modifiedAt: clock() } };
      return await this.#turns.take(`${bucket}/${key}`, async () => {
        await this.#replace(bucket, object, condition);
        return { object, sequencer: this.#sequencers.next() };
      });
    } catch (error) {
      // Nobody knows whether the row names the file: the next start will.
      if (error instanceof StorageError && error.trouble === 'stopped') throw error;
      if (file !== undefined) await files.remove(file);
      this.#quota.giveBack(bytes);
      throw error;
    }
  }

  async #replace(bucket: string, object: ObjectRecord, condition: Condition | undefined): Promise<void> {
    const { store, files } = this.#deps;
    const before = this.#find(bucket, object.key);
    assertCondition(condition, before);
    if ((await store.putObject(bucket, object)) === 'no-bucket') throw noSuchBucket();
    if (before === undefined) return;
    this.#quota.giveBack(before.bytes);
    // What stays behind goes with the next start.
    await files.remove(before.file).catch(() => undefined);
  }

  async #tell(
    { bucket, key, origin }: Place,
    name: string,
    object: { readonly sequencer: string; readonly bytes?: number; readonly etag?: string; readonly at?: number },
  ): Promise<void> {
    const { accountId, region, notifications } = this.table.get(bucket).settings;
    const event = { name, bucket, region, accountId, key, at: this.#deps.clock(), ...origin, ...object };
    await notify(this.#deps.post, notifications, event);
  }

  #find(bucket: string, key: string): ObjectRecord | undefined {
    this.table.get(bucket);
    return this.#deps.store.object(bucket, key);
  }
}
