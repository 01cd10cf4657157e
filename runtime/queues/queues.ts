import { QueueTable, type QueueTableDeps } from './queue-table.ts';

/** Queues and what is in them: SQS without its protocols. Methods throw QueueErrors. */
export class Queues {
  readonly table: QueueTable;

  constructor(deps: QueueTableDeps) {
    this.table = new QueueTable(deps);
  }

  /** Resolves when the queues that there are can be asked for. */
  open(): Promise<void> {
    return this.table.open();
  }
}
