import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { connect } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import type { Write } from './write.ts';

// The thread of a ThreadCommitter: commits together what has come by then, and answers all of that in one message, until it
// is told to close.

/** Writes that share a transaction, at the most: others are not to wait longer than some milliseconds. */
const MOST_WRITES = 256;

const port = parentPort as MessagePort;
const database = connect(workerData as string);
const groups = new GroupCommit(database);

port.on('message', (first: Write | 'close') => {
  const group: Write[] = [];
  let next: Write | 'close' | undefined = first;
  while (next !== undefined && next !== 'close') {
    group.push(next);
    next = group.length < MOST_WRITES ? receiveMessageOnPort(port)?.message : undefined;
  }
  if (group.length > 0) port.postMessage(groups.commit(group));
  if (next !== 'close') return;
  database.close();
  port.close();
});
