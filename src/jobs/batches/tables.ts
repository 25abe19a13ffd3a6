import type { Database } from "../../storage/database.ts";
import { createOutbox } from "../../webhooks/outbox/outbox.ts";
import type { BatchOrder } from "./calls.ts";

/** Money is nano-dollars, time is Unix milliseconds. */
const TABLES = [
  // One row. tell_at: when its end is told next; null before it has ended, and once it was told. counts: JSON, once
  // the lines were deleted.
  `CREATE TABLE batch (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    key TEXT,
    mode TEXT NOT NULL,
    digest TEXT NOT NULL,
    origin TEXT NOT NULL,
    max_concurrent INTEGER NOT NULL,
    keep_seconds INTEGER NOT NULL,
    webhook TEXT,
    posts INTEGER NOT NULL,
    cost INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    canceled_at INTEGER,
    ended_at INTEGER,
    tell_at INTEGER,
    expires_at INTEGER,
    counts TEXT
  ) STRICT`,
  // started_at: when it was taken from those that wait. due: when something is to be done for it next; null for
  // nothing. fields: null once the job has them, and of a line that will never start.
  `CREATE TABLE lines (
    line INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    number INTEGER UNIQUE,
    reference TEXT,
    fields TEXT,
    image TEXT,
    most INTEGER NOT NULL DEFAULT 0,
    body_bytes INTEGER NOT NULL DEFAULT 0,
    entities INTEGER NOT NULL DEFAULT 0,
    deadline_ms INTEGER NOT NULL DEFAULT 0,
    store INTEGER NOT NULL DEFAULT 1,
    started_at INTEGER,
    is_begun INTEGER NOT NULL DEFAULT 0,
    due INTEGER,
    amount INTEGER,
    problem TEXT
  ) STRICT`,
  "CREATE INDEX lines_state ON lines (state)",
  "CREATE INDEX lines_due ON lines (due) WHERE due IS NOT NULL",
];

/** Whether the batch began. Nothing is stored by asking. */
export function hasTables(database: Database): boolean {
  return database.all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'batch'").length > 0;
}

/** Creates the tables of a batch, with its lines. Invalid lines have ended. The database must have none. */
export function createTables(database: Database, order: BatchOrder, now: number): void {
  database.transaction(() => {
    for (const statement of TABLES) database.run(statement);
    createOutbox(database);
    database.run(
      `INSERT INTO batch (only_row, id, account, key, mode, digest, origin, max_concurrent, keep_seconds, webhook, posts,
        created_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      order.id,
      order.account,
      order.key,
      order.mode,
      order.digest,
      order.origin,
      order.maxConcurrent,
      order.keepSeconds,
      order.webhook && JSON.stringify(order.webhook),
      order.lines.length,
      now,
    );
    insertLines(database, order.lines);
  });
}

function insertLines(database: Database, lines: BatchOrder["lines"]): void {
  let invalid = 0;
  lines.forEach((line, index) => {
    if ("problem" in line) {
      database.run(
        "INSERT INTO lines (line, state, number, reference, amount, problem) VALUES (?, 'invalid', ?, ?, 0, ?)",
        index + 1,
        ++invalid,
        line.reference,
        JSON.stringify(line.problem),
      );
      return;
    }
    const { reference, fields, image, most, bodyBytes, entities, deadlineMs, store } = line;
    database.run(
      `INSERT INTO lines (line, state, reference, fields, image, most, body_bytes, entities, deadline_ms, store)
        VALUES (?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?)`,
      index + 1,
      reference,
      fields,
      image && JSON.stringify(image),
      most,
      bodyBytes,
      entities,
      deadlineMs,
      Number(store),
    );
  });
}
