import type { KeyFacts, KeyMode, Scope } from "../../schemas/accounts.ts";
import type { PlanName } from "../../schemas/plans.ts";
import type { PaidOperation, Units } from "../../schemas/prices.ts";
import type { WebhookCalls } from "./webhook-calls.ts";

export type { DeliveryNote, WebhookEndpoint } from "./webhook-calls.ts";

/**
 * What the Worker and an account's Durable Object say to each other. Money is nano-dollars, time is Unix milliseconds.
 * A refusal is a value and not an exception: errors lose their class on the way.
 */

/** Who asks: a key of the account, by the SHA-256 of the whole key in hexadecimal, or a payer without an account. */
export type Credential =
  | { readonly key: string; readonly scope: Scope | null }
  /** A payment that was verified and came with the request (x402). Nothing is reserved on a balance. */
  | { readonly payment: true }
  /** A source of incoming messages, by its id, for which the operator has the account pay. */
  | { readonly source: string };

/** How a request may be repeated without running again. */
export interface Repeatable {
  /** The `Idempotency-Key`, or what identifies a payment. */
  readonly key: string;
  /** SHA-256 of what was asked: operation, fields, picture and media type; of a payment also the whole payment. */
  readonly fingerprint: string;
  /** A second name that no other request may have: the payer's identifier of a payment whose `key` is its nonce. */
  readonly alias?: string;
}

/** A request for a paid operation, before any work. */
export interface AdmitCall {
  readonly credential: Credential;
  /** `req_…`; it names the reservation. */
  readonly requestId: string;
  readonly operation: PaidOperation;
  /** The most that the request may cost at the price table. A test key reserves nothing. */
  readonly most: number;
  /** When the request's own time is over. The reservation ends `LIMITS.settleSeconds` later. */
  readonly deadline: number;
  /** Milliseconds after the deadline for which the reservation waits to be settled; absent for those of a request. */
  readonly settleMs?: number;
  /** Bytes of the request's body. */
  readonly bodyBytes: number;
  /** The most entities (or boxes) that the request may have. */
  readonly entities: number;
  readonly repeatable: Repeatable | null;
}

/** One limit of the plan, as the fields `RateLimit` and `RateLimit-Policy` tell it. */
export interface Quota {
  readonly name: "minute" | "day";
  readonly limit: number;
  /** Length of the window, in seconds. */
  readonly window: number;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly reset: number;
}

/** Why a key opens nothing. */
export type KeyRefusal =
  | { readonly outcome: "unknown_key" }
  | { readonly outcome: "revoked_key"; readonly at: number }
  | { readonly outcome: "expired_key"; readonly at: number }
  | { readonly outcome: "wrong_scope"; readonly needed: Scope; readonly has: readonly Scope[] };

/** What was delivered under a request, as far as a repeat needs it. */
export interface Delivered {
  readonly requestId: string;
  readonly amount: number;
  readonly units: Units;
}

/** How an answer is kept in R2, under `answers/{account}/{request id}`. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The header PAYMENT-RESPONSE of an answer whose payment was settled. */
  readonly paymentResponse?: string;
}

export type Admission =
  | KeyRefusal
  | {
      readonly outcome: "admitted";
      /** The key's id, or `source:` and the source's; null for a payment. */
      readonly keyId: string | null;
      readonly mode: KeyMode;
      /**
       * What the account could spend before this request, without what others have reserved; null for a payment.
       */
      readonly available: number | null;
      /** The most that the answer may be charged. 0 for a test key. */
      readonly most: number;
      readonly quotas: readonly Quota[];
      /** How long the account has results of jobs kept, in seconds. */
      readonly keepSeconds: number;
      /** Ids of the account's webhook endpoints that were disabled because they failed. */
      readonly disabledWebhooks: readonly string[];
    }
  /** Answered before. `kept` is null where the answer was not kept. */
  | { readonly outcome: "answered"; readonly first: Delivered; readonly kept: KeptAnswer | null }
  /** Answered before, and the payment's settlement is in doubt. */
  | { readonly outcome: "in_doubt"; readonly first: Delivered; readonly kept: KeptAnswer }
  /** The first request runs, or it is not known yet how this one ended: ask again. */
  | { readonly outcome: "in_flight"; readonly requestId: string; readonly retryAfterMs: number }
  /** This request, by its id, was admitted and settled before: it must not run again. */
  | { readonly outcome: "ended"; readonly first: Delivered }
  | { readonly outcome: "key_reused"; readonly requestId: string }
  | { readonly outcome: "no_money"; readonly available: number }
  | {
      readonly outcome: "over_quota";
      readonly plan: PlanName;
      readonly quotas: readonly Quota[];
      readonly name: Quota["name"];
    }
  | {
      readonly outcome: "too_many_at_once";
      readonly plan: PlanName;
      readonly limit: number;
      readonly quotas: readonly Quota[];
    }
  | { readonly outcome: "body_too_large"; readonly plan: PlanName; readonly limit: number }
  | { readonly outcome: "too_many_entities"; readonly plan: PlanName; readonly limit: number };

/** What became of a request that is sent again. */
export type Repeated = Extract<Admission, { outcome: "answered" | "in_doubt" | "in_flight" | "key_reused" }>;

/** The end of a request that delivered something. */
export interface SettleCall extends Delivered {
  /** What the models cost; null where that is not known. */
  readonly cost: number | null;
  /** Where a repeat finds the answer; null when it was not kept. */
  readonly kept: KeptAnswer | null;
  /**
   * Names of everything that the request stored, for its deletion: keys of R2's bucket of masks (`masks/…`,
   * `overlays/…`), and `kv/` before a key of the cache.
   */
  readonly left: readonly string[];
  /** Only of a payment: true while nobody knows whether it was settled. */
  readonly inDoubt?: boolean;
}

export interface Settlement {
  /** What was charged: never more than was reserved. */
  readonly amount: number;
  /** What the account may spend now. */
  readonly available: number;
}

/** Money that comes or goes otherwise than by a request. */
export interface Transfer {
  readonly kind: "topup" | "credit" | "refund" | "dispute" | "dispute_won";
  /** Names the cause. The same kind and reference counts once, however often it comes. */
  readonly reference: string;
  /** Above 0; `refund` and `dispute` take it away. */
  readonly amount: number;
}

export interface Transferred {
  /** False when the kind and reference were booked before, or there is no such account. */
  readonly booked: boolean;
  /** The amount that they were booked with before, without its sign; null when they were not. */
  readonly before: number | null;
  readonly available: number;
  readonly owed: number;
}

/** The account has as many working keys as it may have. */
export interface TooManyKeys {
  readonly outcome: "too_many_keys";
  readonly limit: number;
}

export interface NewKey {
  /** SHA-256 of the whole key, in hexadecimal. */
  readonly hash: string;
  /** `key_…` */
  readonly id: string;
  readonly lastFour: string;
  readonly name: string;
  readonly mode: KeyMode;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
}

export interface Balance {
  readonly plan: PlanName;
  /** Money without what is reserved. */
  readonly available: number;
  readonly reserved: number;
  readonly owed: number;
  /** As in `Admission`. */
  readonly disabledWebhooks: readonly string[];
}

/** What the owner of an account has chosen. */
export interface AccountSettings {
  /** How long results of jobs are kept, in seconds. */
  readonly resultSeconds: number;
}

export interface UsageQuery {
  /** The first and the last day in UTC, `2026-11-26`; null for no bound. */
  readonly from: string | null;
  readonly to: string | null;
  readonly keyId: string | null;
  readonly operation: PaidOperation | null;
  readonly cursor: string | null;
  readonly limit: number;
}

export interface UsageLine {
  readonly day: string;
  readonly keyId: string;
  readonly operation: PaidOperation;
  readonly requests: number;
  readonly units: Units;
  readonly amount: number;
  /** What the models cost, as far as it is known, and of how many requests it is not. */
  readonly cost: number;
  readonly requestsWithoutCost: number;
}

/**
 * The methods of an account's Durable Object. An account that was not created has no keys, so every key is unknown
 * there, and nothing is stored.
 */
export interface AccountCalls extends WebhookCalls {
  /** Creates the account. False when it exists. */
  create(plan: PlanName): Promise<boolean>;
  exists(): Promise<boolean>;
  setPlan(plan: PlanName): Promise<void>;
  /** Whether a key may do something that costs nothing. */
  authenticate(
    key: string,
    scope: Scope | null,
  ): Promise<KeyRefusal | { readonly outcome: "valid"; readonly keyId: string; readonly mode: KeyMode }>;
  /**
   * Admits a request. Admitting it again while its reservation is open returns the same admission and counts nothing
   * twice, so that who lost the answer may ask again.
   */
  admit(call: AdmitCall): Promise<Admission>;
  /** What `admit` would say of a request with a payment that was sent before; null when it was not. Stores nothing. */
  lookUp(repeatable: Repeatable): Promise<Repeated | null>;
  /**
   * Charges a request. A second call for the same request changes nothing and returns the first one's result; only a
   * payment that was in doubt is settled by a second call that is not.
   */
  settle(call: SettleCall): Promise<Settlement>;
  /** Ends a request that delivered nothing: its reservation is freed and its `Idempotency-Key` may be used again. */
  release(requestId: string): Promise<void>;
  /** Books a transfer once. What a refund takes beyond the money that is not reserved is owed. */
  transfer(call: Transfer): Promise<Transferred>;
  balance(): Promise<Balance>;
  settings(): Promise<AccountSettings>;
  setSettings(settings: AccountSettings): Promise<void>;
  usage(query: UsageQuery): Promise<{ readonly lines: readonly UsageLine[]; readonly cursor: string | null }>;
  createKey(key: NewKey): Promise<KeyFacts | TooManyKeys>;
  listKeys(): Promise<readonly KeyFacts[]>;
  /** The new key replaces the one with `id`, which works on for the overlap. Null when there is no such working key. */
  rotateKey(
    id: string,
    replacement: Pick<NewKey, "hash" | "id" | "lastFour">,
    overlapMs: number,
  ): Promise<KeyFacts | TooManyKeys | null>;
  /** Ends a key at once. Null when there is none with this id. Repeating it changes nothing. */
  revokeKey(id: string): Promise<KeyFacts | null>;
  /**
   * Names of what only this request left: no other request of the account that is remembered left the same. Empty for a
   * request that is not known, null while it is not known what the request leaves: it runs, or was not settled so far.
   */
  leftBy(requestId: string): Promise<readonly string[] | null>;
  /** Forgets what a request left, and that its answer was kept. Its charge stays. */
  forgetRequest(requestId: string): Promise<void>;
  /** Deletes everything of the account: keys, ledger, records. */
  deleteAccount(): Promise<void>;
}
