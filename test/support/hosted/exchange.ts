import type { Fault, HostScript, RecordedCall, SignedDelivery } from "./script.ts";

/** One test's script, and how far it has come. */
export interface Session {
  readonly script: HostScript;
  readonly calls: Mutable<RecordedCall>[];
  readonly predictions: Map<string, Prediction>;
  /** Ids of predictions that were last shown as not over. */
  readonly running: Set<string>;
  readonly files: Map<string, StoredFile>;
  /** Callbacks in the order in which they are delivered. */
  readonly deliveries: SignedDelivery[];
  /** How often each key's replies and faults were used. */
  readonly used: Map<string, number>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A prediction as the vendor's OpenAPI document has it: hosted-apis section 1.4. */
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
  /** Parsed where it was JSON, else null. */
  readonly body: unknown;
  /** The session's own address. */
  readonly base: string;
  /** What goes wrong with this call, where that is the protocol's and not the socket's. */
  readonly fault: Fault;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One protocol of the host. */
export interface Protocol {
  /** What a request asks for; null where it is none of the protocol's. */
  operationOf(method: string, path: string): string | null;
  answer(exchange: Exchange): Answer | Promise<Answer>;
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** A prediction's reply, or a body; undefined where the script has none. */
export function replyOf({ script, used }: Session, key: string): unknown {
  const replies = script.replies?.[key];
  if (!replies) return undefined;
  const count = used.get(key) ?? 0;
  used.set(key, count + 1);
  return replies[Math.min(count, replies.length - 1)];
}

/** Whatever the script says goes wrong with this call of an operation. */
export function faultOf({ script, used }: Session, operation: string): Fault {
  const key = `fault ${operation}`;
  const count = used.get(key) ?? 0;
  used.set(key, count + 1);
  return script.faults?.[operation]?.[count] ?? { kind: "none" };
}

/** The first refusal that a body meets: an endpoint that does not know a field says so every time. */
export function refusalOf({ script }: Session, operation: string, body: unknown): Answer | null {
  const refusal = script.refusals?.find((candidate) => candidate.operation === operation && has(body, candidate.has));
  return refusal
    ? { status: refusal.status, headers: { "content-type": "application/json" }, body: refusal.body }
    : null;
}

/** @param field path with dots, and `=value` behind it where it matters: `response_format.type=json_schema` */
function has(body: unknown, field: string): boolean {
  const [path = "", value] = field.split("=");
  const found = path
    .split(".")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], body);
  return found !== undefined && (value === undefined || String(found) === value);
}
