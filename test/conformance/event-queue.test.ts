import { SqliteEventQueue } from '../../runtime/store/sqlite/sqlite-event-queue.ts';
import { eventQueueConformance } from './event-queue.suite.ts';
import { onSqlite } from './on-sqlite.ts';

onSqlite(eventQueueConformance, (storage) => new SqliteEventQueue(storage));
