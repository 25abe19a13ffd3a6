import type { Database } from "../storage/database.ts";
import { createLongTexts } from "../storage/long-texts.ts";
import { createOutbox } from "../webhooks/outbox/outbox.ts";

/** Times are Unix milliseconds. */
const TABLES = [
  // One row. `order_json` is a `JobOrder`. `payer` replaces that of the order once the account has admitted the job.
  `CREATE TABLE job (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    order_json TEXT NOT NULL,
    payer TEXT NOT NULL,
    has_picture INTEGER NOT NULL,
    state TEXT NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    expires_at INTEGER,
    partial INTEGER,
    problem TEXT,
    charge TEXT,
    delivery TEXT,
    kept INTEGER NOT NULL DEFAULT 1,
    runs INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  // What remains to be done behind the end, one row a thing, until it is done.
  "CREATE TABLE duties (name TEXT PRIMARY KEY, due INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0) STRICT",
  // The findings. `identity` says what a finding is about: there is one about each thing.
  "CREATE TABLE events (number INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, event TEXT NOT NULL) STRICT",
  // The highest number of the findings that were handed out before the end: those that were 'read', and those whose
  // progress was 'shown'; and that of the 'last' finding, once the findings were deleted.
  "CREATE TABLE handed_out (way TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  // Records of the models that were called, by stage and entry: the latest of each.
  "CREATE TABLE stages (identity TEXT PRIMARY KEY, event TEXT NOT NULL) STRICT",
  // Attempts at models. `ended` is null while an attempt runs; its output is a long text. `kept` is what its provider
  // knows it by, until it is certain that nothing runs upstream.
  `CREATE TABLE calls (
    number INTEGER PRIMARY KEY,
    stage TEXT NOT NULL,
    entry TEXT NOT NULL,
    question TEXT NOT NULL,
    ids TEXT NOT NULL,
    kept TEXT,
    ended TEXT
  ) STRICT`,
  "CREATE TABLE left_names (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
];

/** Whether a job was begun. Nothing is stored by asking. */
export function hasTables(database: Database): boolean {
  return database.all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'job'").length > 0;
}

/** Creates the tables of a job. The database must have none. */
export function createTables(database: Database): void {
  for (const statement of TABLES) database.run(statement);
  createLongTexts(database);
  createOutbox(database);
}

/** Notes that a job which was never begun is not to begin any more. */
export function refuseBegin(database: Database): void {
  database.run("CREATE TABLE IF NOT EXISTS refused (only_row INTEGER PRIMARY KEY) STRICT");
}

/** Whether a job is not to begin any more. */
export function isRefused(database: Database): boolean {
  return database.all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'refused'").length > 0;
}
