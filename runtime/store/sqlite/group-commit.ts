import type { Database } from './database.ts';
import { Statements } from './statements.ts';
import { changeValue } from './value-changes.ts';
import type { Write, Written } from './write.ts';

/** Commits writes together: a wait for the disk is paid once for all of them. Each is answered for itself. */
export class GroupCommit {
  readonly #database: Database;
  readonly #statements: Statements;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = new Statements(database);
  }

  /**
   * Makes the writes in their order; what was committed survives a crash. When one of them fails, none of the transaction is
   * kept, and each is tried in a transaction of its own: so what one cannot do takes nothing from the others.
   */
  commit(group: readonly Write[]): readonly Written[] {
    try {
      return this.#inTransaction(() => group.map((write) => ({ kind: 'committed', answer: this.#make(write) })));
    } catch (error) {
      return group.length > 1 ? group.flatMap((write) => this.commit([write])) : [toFailure(error)];
    }
  }

  #make(write: Write): unknown {
    const statements = this.#statements;
    if (write.kind === 'values') return write.changes.map((change) => changeValue(statements, change, write.limits));
    for (const { sql, rows, otherwise } of write.steps) {
      let hits = false;
      for (const row of rows) hits = statements.hits(sql, row) || hits;
      if (!hits && otherwise !== undefined) return otherwise;
    }
    return write.done;
  }

  /** SQLite ends some transactions that fail by itself. */
  #inTransaction<T>(work: () => T): T {
    this.#statements.run('BEGIN IMMEDIATE', []);
    try {
      const result = work();
      this.#statements.run('COMMIT', []);
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#statements.run('ROLLBACK', []);
      throw error;
    }
  }
}

function toFailure(error: unknown): Written {
  const { code = '', message } = error as Error & { readonly code?: string };
  return { kind: 'failed', trouble: code === 'SQLITE_FULL' ? 'full' : 'failed', cause: `${code} ${message}` };
}
