import { parentPort, workerData } from 'node:worker_threads';
import { connect } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import type { Write } from './write.ts';

// The thread of a ThreadCommitter: takes groups of writes and answers what became of each, until it is told to close.
const database = connect(workerData as string);
const groups = new GroupCommit(database);

parentPort?.on('message', (message: readonly Write[] | 'close') => {
  if (message !== 'close') return parentPort?.postMessage(groups.commit(message));
  database.close();
  parentPort?.close();
});
