import type { Fault, HostScript, RecordedCall, SignedDelivery } from "./script.ts";

/** The state of one test's part of the server. */
export interface Session {
  readonly script: HostScript;
  readonly calls: Mutable<RecordedCall>[];
  readonly predictions: Map<string, Prediction>;
  /** Ids of predictions that were last shown as running. */
  readonly running: Set<string>;
  readonly files: Map<string, StoredFile>;
  /** Callbacks in the order in which they are delivered. */
  readonly deliveries: SignedDelivery[];
  /** How many replies and faults of each key were used. */
  readonly used: Map<string, number>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A prediction of Replicate's HTTP API (docs/reference/hosted-models.md, "Replicate"). */
export type Prediction = Record<string, unknown> & { readonly id: string; readonly status: string };

export interface StoredFile {
  readonly bytes: Buffer;
  readonly file: Record<string, unknown>;
}

/** One request, read to its end. */
export interface Exchange {
  readonly session: Session;
  readonly operation: string;
  readonly method: string;
  /** Below the session. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** The parsed JSON; null where it was not JSON. */
  readonly body: unknown;
  /** The session's own address. */
  readonly base: string;
  /** The fault of this call, for faults that the protocol and not the socket shows. */
  readonly fault: Fault;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One protocol of the host. */
export interface Protocol {
  /** The operation of a request; null where the protocol has no such route. */
  operationOf(method: string, path: string): string | null;
  answer(exchange: Exchange): Answer | Promise<Answer>;
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** The next reply of a key: a prediction's output, or a body; undefined where the script has none. */
export function replyOf({ script, used }: Session, key: string): unknown {
  const replies = script.replies?.[key];
  if (!replies) return undefined;
  const count = used.get(key) ?? 0;
  used.set(key, count + 1);
  return replies[Math.min(count, replies.length - 1)];
}

/**
 * The script's fault for this call of an operation.
 *
 * @param clock the caller's Unix time in milliseconds; NaN where it sent none
 */
export function faultOf({ script, used }: Session, operation: string, clock = Number.NaN): Fault {
  const { boot } = script;
  if (boot?.operations.includes(operation) && clock < boot.until) return boot.fault;
  const key = `fault ${operation}`;
  const count = used.get(key) ?? 0;
  used.set(key, count + 1);
  return script.faults?.[operation]?.[count] ?? { kind: "none" };
}

/** The answer of the first refusal whose field the body has; null where none is. */
export function refusalOf({ script }: Session, operation: string, body: unknown): Answer | null {
  const refusal = script.refusals?.find((candidate) => candidate.operation === operation && has(body, candidate.has));
  return refusal
    ? { status: refusal.status, headers: { "content-type": "application/json" }, body: refusal.body }
    : null;
}

/** @param field path with dots, with `=value` behind it or without: `response_format.type=json_schema` */
function has(body: unknown, field: string): boolean {
  const [path = "", value] = field.split("=");
  const found = path
    .split(".")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], body);
  return found !== undefined && (value === undefined || String(found) === value);
}
