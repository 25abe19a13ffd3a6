import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Database, SqlValue } from "../../../src/storage/database.ts";

/** The terms of a compound SELECT that a Durable Object takes; Node takes 500. */
const MOST_TERMS = 5;

/** An account's database in the memory of Node: the same SQLite that a Durable Object has. */
export class NodeDatabase implements Database {
  #database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();

  all<Row>(statement: string, ...values: readonly SqlValue[]): Row[] {
    refuseLong(values);
    return this.#prepare(statement).all(...values) as Row[];
  }

  run(statement: string, ...values: readonly SqlValue[]): void {
    refuseLong(values);
    this.#prepare(statement).run(...values);
  }

  transaction<Result>(work: () => Result): Result {
    this.run("BEGIN");
    try {
      const result = work();
      this.run("COMMIT");
      return result;
    } catch (error) {
      this.run("ROLLBACK");
      throw error;
    }
  }

  /** Empties every table and keeps them, which is faster than making them again. */
  empty(): void {
    for (const { name } of this.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")) {
      this.run(`DELETE FROM ${name}`);
    }
  }

  /** Deletes everything, as a Durable Object's `deleteAll` does. */
  deleteAll(): void {
    this.#statements.clear();
    this.#database = new DatabaseSync(":memory:");
  }

  #prepare(statement: string): StatementSync {
    if (statement.split("UNION").length > MOST_TERMS) throw new Error("too many terms in compound SELECT");
    let prepared = this.#statements.get(statement);
    if (!prepared) {
      prepared = this.#database.prepare(statement);
      this.#statements.set(statement, prepared);
    }
    return prepared;
  }
}

/** Refuses what a Durable Object's database refuses: a value of more than 2 MB. */
function refuseLong(values: readonly SqlValue[]): void {
  if (values.some((value) => typeof value === "string" && Buffer.byteLength(value) > 2_000_000)) {
    throw new Error("string or blob too big: SQLITE_TOOBIG");
  }
}
