import { SqliteUsageStore } from '../../runtime/store/sqlite/sqlite-usage-store.ts';
import { onSqlite } from './on-sqlite.ts';
import { usageStoreConformance } from './usage-store.suite.ts';

onSqlite(usageStoreConformance, (storage) => new SqliteUsageStore(storage));
