import { SqliteOutboxStore } from '../../runtime/store/sqlite/sqlite-outbox-store.ts';
import { onSqlite } from './on-sqlite.ts';
import { outboxStoreConformance } from './outbox-store.suite.ts';

onSqlite(outboxStoreConformance, (storage) => new SqliteOutboxStore(storage));
