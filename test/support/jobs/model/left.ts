import type { Database } from "../../../../src/storage/database.ts";

/** What is left of a post. */
export interface Left {
  readonly tables: readonly string[];
  readonly stores: readonly string[];
}

/** What a receiver was sent, and what it answered. */
export interface Post {
  readonly url: string;
  readonly id: string;
  readonly status: number;
  /** Whether the sender got the answer. */
  isKnown: boolean;
}

/** The names of tables that hold something of the post, and all names of the stores. */
export function leftIn(database: Database, stores: readonly string[]): Left {
  const marks = /Eileen|Felix|pictures\.example\.com/;
  const tables = database.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  const rows = ({ name }: { name: string }) => JSON.stringify(database.all(`SELECT * FROM ${name}`));
  return { tables: tables.filter((table) => marks.test(rows(table))).map(({ name }) => name), stores };
}

/** Whether a job forgot its findings before the account said which endpoints are told; null while it keeps them. */
export function forgottenUntold(database: Database): boolean | null {
  if (database.all("SELECT 1 FROM job WHERE kept = 0").length === 0) return null;
  const isOpen = database.all("SELECT 1 FROM duties WHERE name = 'tell_endpoints'").length > 0;
  return isOpen && database.all("SELECT 1 FROM outbox WHERE endpoint IS NOT NULL").length === 0;
}
