import { SqliteMessageStore } from '../../runtime/store/sqlite/sqlite-message-store.ts';
import { messageStoreConformance } from './message-store.suite.ts';
import { onSqlite } from './on-sqlite.ts';

onSqlite(messageStoreConformance, (storage) => new SqliteMessageStore(storage));
