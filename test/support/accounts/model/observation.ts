import type { KeyMode } from "../../../../schemas/accounts.ts";

/** The number of an event, and its Unix time in milliseconds. */
export interface Moment {
  readonly event: number;
  readonly time: number;
}

/** What happened to one request, each with the number of the event by which it happened. */
export interface ObservedRequest {
  readonly id: string;
  /** Requests with the same name repeat each other; null for one that cannot be repeated. */
  readonly name: string | null;
  readonly mode: KeyMode | "payment";
  /** The most that it may cost, in nano-dollars. */
  readonly most: number;
  /** When its run began and ended. */
  run: { readonly from: number; readonly time: number; until: number } | null;
  /** The answer that its run made. */
  body: Uint8Array | null;
  /** What that answer says that it cost. */
  told: number | null;
  /** When the answer, or the facts of its charge, was stored in R2. */
  storedAt: Moment | null;
  /** When its caller got its answer. */
  deliveredAt: number | null;
  /** Amounts that its settlements returned; null for one that failed. */
  readonly settlements: Array<number | null>;
  /** When the account first heard of what it delivered. */
  settledAt: Moment | null;
  releasedAt: number | null;
  /** Whether its caller had it deleted. */
  isForgotten: boolean;
}

/** An answer that was sent again. */
export interface Replayed {
  readonly first: string;
  readonly bytes: Uint8Array;
}

/** A transfer that was sent, perhaps many times. */
export interface SentTransfer {
  readonly name: string;
  /** What it adds to the account. */
  readonly amount: number;
  arrived: boolean;
}

/** Sums of the ledger at one time. */
export interface Sums {
  readonly balance: number;
  readonly owed: number;
  /** Held by reservations that are not over. */
  readonly held: number;
  /** Sum of all entries. */
  readonly entries: number;
  /** Sums of the charges as JSON: from the entries, and from the usage. */
  readonly charges: string;
  readonly usage: string;
}

/** All that happened in one world. */
export interface Observation {
  readonly requests: readonly ObservedRequest[];
  readonly replays: readonly Replayed[];
  readonly transfers: readonly SentTransfer[];
  /** After each event that changed the ledger. */
  readonly sums: readonly Sums[];
  /** The charge of each request in the ledger, before charges were added up. */
  readonly charges: ReadonlyMap<string, number>;
  /** Reservations in the end. */
  readonly reservations: number;
  /** What the account, or the code of a request, threw. */
  readonly errors: readonly string[];
  /** Keys that opened something after they were revoked. */
  readonly intrusions: number;
  /** Charges and usage before and after old charges were added up. */
  readonly addedUp: { readonly before: Sums; readonly after: Sums };
}
