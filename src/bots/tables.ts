import type { Database } from "../storage/database.ts";

/** Times are Unix milliseconds, money is nano-dollars. */
const TABLES = [
  // Messages that are not answered yet. `message` is a `BotMessage`. `said` names what was sent at first, and `saying`
  // is 1 from before it is sent. `jobs` are the ids of its jobs, and `most` what they may cost.
  `CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    message TEXT NOT NULL,
    album TEXT,
    state TEXT NOT NULL DEFAULT 'received',
    saying INTEGER NOT NULL DEFAULT 0,
    said TEXT,
    jobs TEXT NOT NULL DEFAULT '[]',
    most INTEGER NOT NULL DEFAULT 0,
    is_answered INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  // The ids of messages that were answered, so that none is answered twice, and of albums that were gathered.
  "CREATE TABLE seen (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  // What the chat's answers were charged, by the day since 1970.
  "CREATE TABLE spent (day INTEGER PRIMARY KEY, amount INTEGER NOT NULL) STRICT",
];

/** Whether the chat has tables. Nothing is stored by asking. */
export function hasTables(database: Database): boolean {
  return database.all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'messages'").length > 0;
}

/** Creates the tables of a chat. The database must have none. */
export function createTables(database: Database): void {
  for (const statement of TABLES) database.run(statement);
}
