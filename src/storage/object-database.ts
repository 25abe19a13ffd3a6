import type { Database, SqlValue } from "./database.ts";

/** The database of a Durable Object. */
export function databaseOf(storage: DurableObjectStorage): Database {
  const { sql } = storage;
  return {
    all: <Row>(statement: string, ...values: readonly SqlValue[]) => sql.exec(statement, ...values).toArray() as Row[],
    run(statement, ...values) {
      sql.exec(statement, ...values);
    },
    transaction: (work) => storage.transactionSync(work),
  };
}
