import type { KeyFacts, KeyMode, Scope } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { Database } from "../storage/database.ts";
import type { KeyRefusal, NewKey, TooManyKeys } from "./calls.ts";

/** What admitting a request needs to know of a key. The columns are null where there is no such key. */
export interface KeyState {
  readonly key_id: string | null;
  readonly mode: KeyMode | null;
  readonly scopes: string | null;
  readonly expires_at: number | null;
  readonly overlap_until: number | null;
  readonly revoked_at: number | null;
}

/** The columns of `KeyState` in a statement that has the table `keys`. */
export const KEY_STATE = "keys.id AS key_id, mode, scopes, expires_at, overlap_until, revoked_at";

interface KeyRow extends KeyState {
  readonly last_four: string;
  readonly name: string;
  readonly created_at: number;
  readonly replaced_by: string | null;
}

const KEY = `SELECT ${KEY_STATE}, last_four, name, created_at, replaced_by FROM keys`;

/** Of the key with this hash, what admitting needs. */
export function findKey(database: Database, hash: string): KeyState | undefined {
  return database.all<KeyState>(`SELECT ${KEY_STATE} FROM keys WHERE hash = ?`, hash)[0];
}

/** Why a key does not open what needs the scope; null when it does. */
export function refusalOf(key: KeyState, scope: Scope | null, now: number): KeyRefusal | null {
  if (key.key_id === null) return { outcome: "unknown_key" };
  if (key.revoked_at !== null) return { outcome: "revoked_key", at: key.revoked_at };
  const end = endOf(key);
  if (end !== null && end <= now) return { outcome: "expired_key", at: end };
  const has = scopesOf(key);
  return scope === null || has.includes(scope) ? null : { outcome: "wrong_scope", needed: scope, has };
}

const COUNT_WORKING = `
  SELECT count(*) AS number FROM keys
  WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?1) AND (overlap_until IS NULL OR overlap_until > ?1)`;

export function createKey(database: Database, key: NewKey, now: number): KeyFacts | TooManyKeys {
  return database.transaction(() => tooMany(database, LIMITS.keys, now) ?? insert(database, key, now));
}

function tooMany(database: Database, limit: number, now: number): TooManyKeys | null {
  const [working] = database.all<{ number: number }>(COUNT_WORKING, now);
  return (working?.number ?? 0) >= limit ? { outcome: "too_many_keys", limit } : null;
}

/** The keys of the account, newest first. */
export function listKeys(database: Database): KeyFacts[] {
  return database.all<KeyRow>(`${KEY} ORDER BY position DESC`).map(factsOf);
}

/**
 * Makes a key that replaces the one with this id, which then ends after the overlap. Rotating it again makes another
 * one, and never lengthens the overlap. While keys overlap, an account may have twice as many that work. Null when no
 * working key has the id.
 */
export function rotateKey(
  database: Database,
  id: string,
  replacement: Pick<NewKey, "hash" | "id" | "lastFour">,
  overlapMs: number,
  now: number,
): KeyFacts | TooManyKeys | null {
  return database.transaction(() => {
    const old = findById(database, id);
    if (!old || refusalOf(old, null, now)) return null;
    const refused = tooMany(database, 2 * LIMITS.keys, now);
    if (refused) return refused;
    const end = Math.min(old.overlap_until ?? Number.POSITIVE_INFINITY, now + overlapMs);
    database.run("UPDATE keys SET replaced_by = ?, overlap_until = ? WHERE id = ?", replacement.id, end, id);
    const { name, mode, expires_at: expiresAt } = old;
    return insert(database, { ...replacement, name, mode: mode ?? "live", scopes: scopesOf(old), expiresAt }, now);
  });
}

/** Ends a key at once. The time at which it was first revoked stays. Null when no key has the id. */
export function revokeKey(database: Database, id: string, now: number): KeyFacts | null {
  database.run("UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id);
  const key = findById(database, id);
  return key ? factsOf(key) : null;
}

const INSERT = `
  INSERT INTO keys (id, hash, last_four, name, mode, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

function insert(
  database: Database,
  { id, hash, lastFour, name, mode, scopes, expiresAt }: NewKey,
  now: number,
): KeyFacts {
  database.run(INSERT, id, hash, lastFour, name, mode, scopes.join(" "), now, expiresAt);
  const key = findById(database, id);
  if (!key) throw new Error("the key was not stored");
  return factsOf(key);
}

function findById(database: Database, id: string): KeyRow | undefined {
  return database.all<KeyRow>(`${KEY} WHERE id = ?`, id)[0];
}

/** When a key stops working: at the time that its owner chose or when its overlap ends, whichever is first. */
function endOf({ expires_at, overlap_until }: KeyState): number | null {
  if (expires_at === null || overlap_until === null) return expires_at ?? overlap_until;
  return Math.min(expires_at, overlap_until);
}

const scopesOf = (key: KeyState): Scope[] => (key.scopes ?? "").split(" ") as Scope[];
const isoTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

function factsOf(key: KeyRow): KeyFacts {
  return {
    id: key.key_id ?? "",
    name: key.name,
    mode: key.mode ?? "live",
    scopes: scopesOf(key),
    last_four: key.last_four,
    created_at: new Date(key.created_at).toISOString(),
    expires_at: isoTime(endOf(key)),
    revoked_at: isoTime(key.revoked_at),
    replaced_by: key.replaced_by,
  };
}
