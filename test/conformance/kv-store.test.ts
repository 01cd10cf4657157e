import { SqliteKvStore } from '../../runtime/store/sqlite/sqlite-kv-store.ts';
import { kvStoreConformance } from './kv-store.suite.ts';
import { onSqlite } from './on-sqlite.ts';

onSqlite(kvStoreConformance, (storage, limits) => new SqliteKvStore(storage, limits));
