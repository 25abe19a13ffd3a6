import type { Database, ObjectStorage, SqlValue } from "./database.ts";

/** The storage of a Durable Object. */
export function objectStorage(storage: DurableObjectStorage): ObjectStorage {
  return {
    database: databaseOf(storage),
    alarm: { get: () => storage.getAlarm(), set: (time) => storage.setAlarm(time) },
    clear: async () => {
      await storage.deleteAlarm();
      await storage.deleteAll();
    },
  };
}

/** The database of a Durable Object. */
function databaseOf(storage: DurableObjectStorage): Database {
  const { sql } = storage;
  return {
    all: <Row>(statement: string, ...values: readonly SqlValue[]) => sql.exec(statement, ...values).toArray() as Row[],
    run(statement, ...values) {
      sql.exec(statement, ...values);
    },
    transaction: (work) => storage.transactionSync(work),
  };
}
