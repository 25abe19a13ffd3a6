import { LIMITS } from "../../schemas/limits.ts";
import type { DisabledReason, WebhookEvent, WebhookFacts } from "../../schemas/webhooks.ts";
import type { Database } from "../storage/database.ts";
import type { NewWebhook, TooManyWebhooks, WebhookChange, WebhookEndpoint } from "./webhook-calls.ts";

interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly events: string;
  readonly created_at: number;
  readonly disabled_at: number | null;
  readonly disabled_reason: DisabledReason | null;
  readonly failing_since: number | null;
  readonly overlap_until: number | null;
}

const ENDPOINT = `
  SELECT id, url, name, events, created_at, disabled_at, disabled_reason, failing_since,
    (SELECT max(until) FROM webhook_secrets WHERE webhook_id = id AND until > ?) AS overlap_until
  FROM webhooks`;
const INSERT = "INSERT INTO webhooks (id, url, name, events, created_at) VALUES (?, ?, ?, ?, ?)";

export function createWebhook(
  database: Database,
  { id, secret, url, events, name }: NewWebhook,
  now: number,
): WebhookFacts | TooManyWebhooks {
  return database.transaction(() => {
    const [all] = database.all<{ number: number }>("SELECT count(*) AS number FROM webhooks");
    const limit = LIMITS.webhooks;
    if ((all?.number ?? 0) >= limit) return { outcome: "too_many_webhooks", limit };
    database.run(INSERT, id, url, name, joined(events), now);
    addSecret(database, id, secret);
    const facts = readWebhook(database, id, now);
    if (!facts) throw new Error("the endpoint was not stored");
    return facts;
  });
}

/** The endpoints of the account, newest first. */
export function listWebhooks(database: Database, now: number): WebhookFacts[] {
  return database.all<WebhookRow>(`${ENDPOINT} ORDER BY position DESC`, now).map(factsOf);
}

const CHANGE = "UPDATE webhooks SET url = ?, name = ?, events = ? WHERE id = ?";
const ENABLE = `
  UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, counts_from = ?
  WHERE id = ? AND disabled_at IS NOT NULL`;

/** Changes an endpoint. One that is enabled again starts anew: no failure before counts. Null where there is none. */
export function changeWebhook(
  database: Database,
  id: string,
  { url, events, name, enabled }: WebhookChange,
  now: number,
): WebhookFacts | null {
  return database.transaction(() => {
    const [row] = database.all<WebhookRow>(`${ENDPOINT} WHERE id = ?`, now, id);
    if (!row) return null;
    database.run(CHANGE, url ?? row.url, name ?? row.name, events ? joined(events) : row.events, id);
    if (enabled === true) database.run(ENABLE, now, id);
    if (enabled === false) disableWebhook(database, id, "owner", now);
    return readWebhook(database, id, now);
  });
}

/** Disables an endpoint. One that is disabled already keeps its reason. */
export function disableWebhook(database: Database, id: string, reason: DisabledReason, now: number): void {
  const statement = "UPDATE webhooks SET disabled_at = ?, disabled_reason = ? WHERE id = ? AND disabled_at IS NULL";
  database.run(statement, now, reason, id);
}

const END_SECRETS = `
  UPDATE webhook_secrets SET until = min(coalesce(until, ?1), ?1) WHERE webhook_id = ?2`;
const DROP_OLDEST = `
  DELETE FROM webhook_secrets WHERE webhook_id = ?1 AND position NOT IN (
    SELECT position FROM webhook_secrets WHERE webhook_id = ?1 ORDER BY position DESC LIMIT ?2)`;

/**
 * Gives an endpoint a new secret. Those before it sign on for the overlap, which a further rotation never lengthens.
 * Null where there is no such endpoint.
 */
export function rotateWebhook(
  database: Database,
  id: string,
  secret: string,
  overlapMs: number,
  now: number,
): WebhookFacts | null {
  return database.transaction(() => {
    if (!readWebhook(database, id, now)) return null;
    database.run(END_SECRETS, now + overlapMs, id);
    addSecret(database, id, secret);
    dropSecrets(database, now);
    database.run(DROP_OLDEST, id, LIMITS.webhookSecrets);
    return readWebhook(database, id, now);
  });
}

/** Deletes the secrets whose overlap is over. */
export function dropSecrets(database: Database, now: number): void {
  database.run("DELETE FROM webhook_secrets WHERE until <= ?", now);
}

/** Deletes an endpoint with its secrets and deliveries. False where there is none. */
export function deleteWebhook(database: Database, id: string): boolean {
  return database.transaction(() => {
    const [found] = database.all("SELECT 1 FROM webhooks WHERE id = ?", id);
    database.run("DELETE FROM webhooks WHERE id = ?", id);
    database.run("DELETE FROM webhook_secrets WHERE webhook_id = ?", id);
    database.run("DELETE FROM deliveries WHERE webhook_id = ?", id);
    return found !== undefined;
  });
}

/** The endpoints that are told an event. */
export function webhooksFor(database: Database, event: WebhookEvent, now: number): WebhookEndpoint[] {
  const rows = database.all<WebhookRow>(`${ENDPOINT} WHERE disabled_at IS NULL ORDER BY position`, now);
  return rows.filter((row) => eventsOf(row).includes(event)).map((row) => endpointOf(database, row, now));
}

/** An endpoint, to be told something. Null where there is none, or a disabled one where a working one is asked for. */
export function findWebhook(database: Database, id: string, isWorking: boolean, now: number): WebhookEndpoint | null {
  const [row] = database.all<WebhookRow>(`${ENDPOINT} WHERE id = ?`, now, id);
  return !row || (isWorking && row.disabled_at !== null) ? null : endpointOf(database, row, now);
}

/** Ids of the endpoints that were disabled because they failed, the oldest first. */
export function disabledWebhooks(database: Database): string[] {
  const statement = "SELECT id FROM webhooks WHERE disabled_reason IN ('gone', 'failing') ORDER BY position";
  return database.all<{ id: string }>(statement).map(({ id }) => id);
}

function endpointOf(database: Database, row: WebhookRow, now: number): WebhookEndpoint {
  const statement =
    "SELECT secret FROM webhook_secrets WHERE webhook_id = ? AND (until IS NULL OR until > ?) ORDER BY position DESC";
  const secrets = database.all<{ secret: string }>(statement, row.id, now).map(({ secret }) => secret);
  return { id: row.id, url: row.url, secrets, events: eventsOf(row) };
}

function readWebhook(database: Database, id: string, now: number): WebhookFacts | null {
  const [row] = database.all<WebhookRow>(`${ENDPOINT} WHERE id = ?`, now, id);
  return row ? factsOf(row) : null;
}

function addSecret(database: Database, id: string, secret: string): void {
  database.run("INSERT INTO webhook_secrets (webhook_id, secret) VALUES (?, ?)", id, secret);
}

const joined = (events: readonly WebhookEvent[]): string => [...new Set(events)].join(" ");
const eventsOf = ({ events }: WebhookRow): WebhookEvent[] => events.split(" ") as WebhookEvent[];
const isoTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

function factsOf(row: WebhookRow): WebhookFacts {
  return {
    id: row.id,
    url: row.url,
    name: row.name,
    events: eventsOf(row),
    created_at: new Date(row.created_at).toISOString(),
    enabled: row.disabled_at === null,
    disabled_at: isoTime(row.disabled_at),
    disabled_reason: row.disabled_reason,
    failing_since: isoTime(row.failing_since),
    overlap_until: isoTime(row.overlap_until),
  };
}
