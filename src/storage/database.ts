export type SqlValue = string | number | null;

/**
 * The database of one Durable Object, as far as it is used: its own (`ctx.storage`), or in tests one of Node.
 * Every call ends before it returns, so that nothing happens between the statements of a transaction.
 */
export interface Database {
  /** The rows of a statement, an object of its columns each. */
  all<Row>(statement: string, ...values: readonly SqlValue[]): Row[];
  run(statement: string, ...values: readonly SqlValue[]): void;
  /** Does all of the work, or nothing of it when it throws. Transactions do not nest. */
  transaction<Result>(work: () => Result): Result;
}

/** The one alarm of a Durable Object. Times are Unix milliseconds. */
export interface Alarm {
  /** When it rings; null where none is set. */
  get(): Promise<number | null>;
  set(time: number): Promise<void>;
}

/** What a Durable Object keeps, apart from the platform. */
export interface ObjectStorage {
  readonly database: Database;
  readonly alarm: Alarm;
  /** Deletes the database and the alarm. */
  readonly clear: () => Promise<void>;
}
