import type { Database } from './database.ts';
import type { Value } from './write.ts';

type Statement = ReturnType<Database['prepare']>;

/** The statements of one connection. They are few, and each is prepared once. */
export class Statements {
  readonly #database: Database;
  readonly #prepared = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
  }

  get<Row>(sql: string, values: readonly Value[]): Row | undefined {
    return this.#prepare(sql).get([...values]) as Row | undefined;
  }

  all<Row>(sql: string, values: readonly Value[]): Row[] {
    return this.#prepare(sql).all([...values]) as Row[];
  }

  /** Answers how many rows were changed. */
  run(sql: string, values: readonly Value[]): number {
    return this.#prepare(sql).run([...values]).changes;
  }

  /** True when the statement found or changed something. */
  hits(sql: string, values: readonly Value[]): boolean {
    return this.#prepare(sql).reader ? this.get(sql, values) !== undefined : this.run(sql, values) > 0;
  }

  #prepare(sql: string): Statement {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}
