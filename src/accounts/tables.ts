import type { PlanName } from "../../schemas/plans.ts";
import type { Database } from "../storage/database.ts";

/** Money is nano-dollars, time is Unix milliseconds, a day is `2026-11-26` in UTC. */
const TABLES = [
  // One row: what admitting a request needs to know of the account. `minute` and `day` number the quotas' windows.
  `CREATE TABLE account (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0),
    owed INTEGER NOT NULL DEFAULT 0 CHECK (owed >= 0),
    minute INTEGER NOT NULL DEFAULT 0,
    minute_requests INTEGER NOT NULL DEFAULT 0,
    day INTEGER NOT NULL DEFAULT 0,
    day_requests INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  // overlap_until: when a key that was rotated ends. expires_at is what its owner chose, and passes to the next key.
  `CREATE TABLE keys (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL UNIQUE,
    last_four TEXT NOT NULL,
    name TEXT NOT NULL,
    mode TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    overlap_until INTEGER,
    revoked_at INTEGER,
    replaced_by TEXT
  ) STRICT`,
  // The ledger. A row is never changed; a row of a charge is replaced by its day's sum at last.
  `CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount INTEGER NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    key_id TEXT,
    operation TEXT,
    requests INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    entities INTEGER NOT NULL,
    masks INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    requests_without_cost INTEGER NOT NULL,
    UNIQUE (kind, reference)
  ) STRICT`,
  "CREATE INDEX entries_to_add_up ON entries (day) WHERE kind IN ('charge', 'payment')",
  // The sums of all charges.
  `CREATE TABLE usage (
    day TEXT NOT NULL,
    key_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    requests INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    entities INTEGER NOT NULL,
    masks INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    requests_without_cost INTEGER NOT NULL,
    PRIMARY KEY (day, key_id, operation)
  ) STRICT, WITHOUT ROWID`,
  // Requests that run. `most` may be charged; `held` of it is kept back from the balance.
  `CREATE TABLE reservations (
    request_id TEXT PRIMARY KEY,
    key_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    is_payment INTEGER NOT NULL,
    most INTEGER NOT NULL,
    held INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX reservations_until ON reservations (until, held)",
  // Requests that may be repeated: one for each key of a caller. `until` is null while the request runs.
  `CREATE TABLE repeatables (
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    alias TEXT,
    fingerprint TEXT NOT NULL,
    request_id TEXT NOT NULL UNIQUE,
    until INTEGER,
    PRIMARY KEY (space, key)
  ) STRICT, WITHOUT ROWID`,
  "CREATE UNIQUE INDEX repeatables_alias ON repeatables (space, alias) WHERE alias IS NOT NULL",
  "CREATE INDEX repeatables_until ON repeatables (until) WHERE until IS NOT NULL",
  // Requests that delivered something.
  `CREATE TABLE requests (
    request_id TEXT PRIMARY KEY,
    key_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    at INTEGER NOT NULL,
    most INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    entities INTEGER NOT NULL,
    masks INTEGER NOT NULL,
    cost INTEGER,
    kept_status INTEGER,
    kept_type TEXT,
    kept_payment_response TEXT,
    is_in_doubt INTEGER NOT NULL,
    is_forgotten INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX requests_at ON requests (at)",
  // What they left. Two requests may have left the same mask.
  `CREATE TABLE left_names (
    request_id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (request_id, name)
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX left_names_name ON left_names (name)",
  // Answers in R2, until when they are kept.
  "CREATE TABLE answers (request_id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  "CREATE INDEX answers_until ON answers (until)",
];

/** Tables that an account created by an earlier version lacks. */
const LATER_TABLES = [
  // One row at most: what the owner has chosen.
  `CREATE TABLE settings (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    result_seconds INTEGER NOT NULL
  ) STRICT`,
  // Webhook endpoints. Failures before counts_from do not count: a success or its owner came after them.
  `CREATE TABLE webhooks (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    events TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    counts_from INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    disabled_at INTEGER,
    disabled_reason TEXT
  ) STRICT`,
  "CREATE INDEX webhooks_disabled ON webhooks (disabled_reason) WHERE disabled_reason IS NOT NULL",
  // Their secrets. `until` is null for the one that was not replaced.
  `CREATE TABLE webhook_secrets (
    position INTEGER PRIMARY KEY,
    webhook_id TEXT NOT NULL,
    secret TEXT NOT NULL,
    until INTEGER
  ) STRICT`,
  "CREATE INDEX webhook_secrets_of ON webhook_secrets (webhook_id, position)",
  // Messages to them. `at` is when one was first tried, `attempts` is JSON.
  `CREATE TABLE deliveries (
    webhook_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT,
    at INTEGER NOT NULL,
    attempts TEXT NOT NULL,
    PRIMARY KEY (webhook_id, delivery_id)
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX deliveries_of ON deliveries (webhook_id, at, delivery_id)",
  "CREATE INDEX deliveries_at ON deliveries (at)",
];

/** Whether the account was created. Nothing is stored by asking. */
export function hasTables(database: Database): boolean {
  return hasTable(database, "account");
}

/** Adds the tables that an account of an earlier version lacks. */
export function addTables(database: Database): void {
  if (hasTable(database, "settings")) return;
  database.transaction(() => {
    for (const statement of LATER_TABLES) database.run(statement);
  });
}

function hasTable(database: Database, name: string): boolean {
  return database.all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name).length > 0;
}

/** Creates the account's tables. The database must have none. */
export function createTables(database: Database, name: string, plan: PlanName): void {
  database.transaction(() => {
    for (const statement of [...TABLES, ...LATER_TABLES]) database.run(statement);
    database.run("INSERT INTO account (only_row, name, plan) VALUES (1, ?, ?)", name, plan);
  });
}
