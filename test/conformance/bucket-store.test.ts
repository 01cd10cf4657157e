import { SqliteBucketStore } from '../../runtime/store/sqlite/sqlite-bucket-store.ts';
import { bucketStoreConformance } from './bucket-store.suite.ts';
import { onSqlite } from './on-sqlite.ts';

onSqlite(bucketStoreConformance, (storage) => new SqliteBucketStore(storage));
