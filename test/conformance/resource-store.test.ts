import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { onSqlite } from './on-sqlite.ts';
import { resourceStoreConformance } from './resource-store.suite.ts';

onSqlite(resourceStoreConformance, (storage) => new SqliteResourceStore(storage));
