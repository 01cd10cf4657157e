import { join } from 'node:path';
import { type BucketSettings, Buckets, type ObjectDetails } from '../buckets/index.ts';
import type { Deliver } from '../contract/delivery.ts';
import type { Post } from '../contract/letter.ts';
import { OBJECT_BYTES } from '../contract/limits.ts';
import { DiskObjectFiles } from '../store/objects/disk-object-files.ts';
import { SqliteBucketStore } from '../store/sqlite/sqlite-bucket-store.ts';
import type { Storage } from '../store/sqlite/storage.ts';

export interface BucketPartDeps {
  readonly storage: Storage;
  readonly dataDir: string;
  readonly post: Post;
  readonly deliver: Deliver;
  /** What all objects may weigh together, in bytes. */
  readonly mostBytes: number;
}

export async function openBuckets({ storage, dataDir, post, deliver, mostBytes }: BucketPartDeps): Promise<Buckets> {
  const buckets = new Buckets({
    store: new SqliteBucketStore<BucketSettings, ObjectDetails>(storage),
    files: new DiskObjectFiles(join(dataDir, 'objects')),
    ...{ post, deliver, clock: Date.now, most: { object: OBJECT_BYTES, all: mostBytes } },
  });
  await buckets.open();
  return buckets;
}
