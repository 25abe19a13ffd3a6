import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";
import { UsdAmount } from "./money.ts";
import { PlanName } from "./plans.ts";
import { PaidOperation, Units } from "./prices.ts";
import { OverlapSeconds } from "./primitives.ts";

/** An account's name: lower-case letters and digits. */
export const AccountId = z
  .string()
  .check(z.regex(/^[a-z0-9]{4,32}$/, "must be 4 to 32 lower-case letters and digits without accents"));

/** A key's id. It names the key and opens nothing. */
export const KeyId = z
  .string()
  .check(z.regex(/^key_[0-9a-f]{24}$/, "must be the id of a key: key_ and 24 hexadecimal digits"));

/** The account of a payer without one (x402): `x402-` and the address in lower case. */
export const Payer = z.string().check(z.regex(/^x402-0x[0-9a-f]{40}$/));

/** Who owns a ledger: an account, or a payer without one. */
export const Owner = z.union([AccountId, Payer]);

/**
 * What a key may do: `recognize` is `/v1/recognize`, `stages` the operations of single stages, `admin` the account's
 * keys, usage and top-ups. Every key may read its account's balance and delete what its account's requests left.
 */
export const Scope = z.enum(["recognize", "stages", "admin"]);
export type Scope = z.infer<typeof Scope>;

/** `live` keys pay; `test` keys reach the embedded models only, and cost nothing. */
export const KeyMode = z.enum(["live", "test"]);
export type KeyMode = z.infer<typeof KeyMode>;

/** Unix times are ISO 8601 in UTC in JSON. */
const Time = z.iso.datetime({ error: "must be a time in UTC such as 2027-01-01T00:00:00Z" });

/** A key, without its secret, which nobody can read again. */
export const KeyFacts = z.object({
  /** The key's id, `key_…`: it names the key and opens nothing. */
  id: z.string(),
  /** The caller's own name for it. */
  name: z.string(),
  mode: KeyMode,
  /** What it may do. */
  scopes: z.array(Scope),
  /** The last four characters of the key. */
  last_four: z.string(),
  created_at: Time,
  /** When the key stops working; null for never. */
  expires_at: z.nullable(Time),
  /** When the key was revoked; null while it was not. */
  revoked_at: z.nullable(Time),
  /** The key that replaces this one; null while it was not rotated. */
  replaced_by: z.nullable(z.string()),
});
export type KeyFacts = z.infer<typeof KeyFacts>;

/**
 * A new key.
 *
 * @example { "name": "newsroom bot", "scopes": ["recognize"] }
 */
export const CreateKeyRequest = z.strictObject({
  /** A name by which you know the key. */
  name: z.string().check(z.minLength(1), z.maxLength(LIMITS.keyNameLength)),
  mode: z._default(KeyMode, "live"),
  /** What the key may do. */
  scopes: z._default(z.array(Scope).check(z.minLength(1), z.maxLength(Scope.options.length)), ["recognize", "stages"]),
  /** When the key stops working. Without it, never. */
  expires_at: z.optional(Time),
});
export type CreateKeyRequest = z.infer<typeof CreateKeyRequest>;

/**
 * The replacement of a key. The old key works on for the overlap, so that clients can change without a failure.
 *
 * @example { "overlap_seconds": 86400 }
 */
export const RotateKeyRequest = z.strictObject({
  /** For how many seconds the old key still works. 0 ends it at once. */
  overlap_seconds: OverlapSeconds,
});
export type RotateKeyRequest = z.infer<typeof RotateKeyRequest>;

/** A new key with its secret, which is shown this once. */
export const NewKeyAnswer = z.object({
  /** The key itself: `nk_live_…` or `nk_test_…`. Keep it: it is not stored and cannot be shown again. */
  key: z.string(),
  ...KeyFacts.shape,
});
export type NewKeyAnswer = z.infer<typeof NewKeyAnswer>;

/** An account's keys, newest first. */
export const KeysAnswer = z.object({
  /** The keys, also those that were revoked or have expired. */
  keys: z.array(KeyFacts),
});
export type KeysAnswer = z.infer<typeof KeysAnswer>;

/** A new account with its first key, which may do everything. */
export const NewAccountAnswer = z.object({
  /** The account's name. */
  account: z.string(),
  plan: PlanName,
  first_key: NewKeyAnswer,
});
export type NewAccountAnswer = z.infer<typeof NewAccountAnswer>;

/**
 * Another plan for an account.
 *
 * @example { "plan": "large" }
 */
export const PlanRequest = z.strictObject({
  plan: PlanName,
});
export type PlanRequest = z.infer<typeof PlanRequest>;

/** What an account has. */
export const BalanceAnswer = z.object({
  /** The account's name. */
  account: z.string(),
  plan: PlanName,
  /** What the account may still spend, in US dollars: its money without what running requests have reserved. */
  balance_usd: UsdAmount,
  /** What running requests have reserved, in US dollars. */
  reserved_usd: UsdAmount,
  /** What a refund or a dispute took beyond the balance, in US dollars. The next top-ups pay it first. */
  owed_usd: UsdAmount,
});
export type BalanceAnswer = z.infer<typeof BalanceAnswer>;

/**
 * What the owner of an account chooses.
 *
 * @example { "result_seconds": 3600 }
 */
export const SettingsRequest = z.strictObject({
  /** For how many seconds results of jobs are kept. */
  result_seconds: z.int().check(z.gte(LIMITS.leastResultSeconds), z.lte(LIMITS.mostResultSeconds)),
});
export type SettingsRequest = z.infer<typeof SettingsRequest>;

/** What the owner of an account has chosen. */
export const SettingsAnswer = z.object(SettingsRequest.shape);
export type SettingsAnswer = z.infer<typeof SettingsAnswer>;

/** The requests of one day with one key to one operation. */
export const UsageRow = z.object({
  /** The day in UTC, `2026-11-26`. */
  day: z.string(),
  /** The key's id; `source:` and the id of a source where a message that was received asked. */
  key_id: z.string(),
  operation: PaidOperation,
  /** Answers that were delivered. */
  requests: z.int(),
  units: Units,
  /** What they cost in US dollars. */
  amount_usd: UsdAmount,
});
export type UsageRow = z.infer<typeof UsageRow>;

const Day = z.iso.date({ error: "must be a day such as 2026-11-26" });

/** The days that are counted, in UTC; without a bound, all that are kept. */
const Days = {
  /** The first day, such as 2026-11-26. */
  from: z.optional(Day),
  /** The last day, which is counted too. */
  to: z.optional(Day),
};

const PageLimit = z.coerce.number().check(z.int(), z.gte(1), z.lte(LIMITS.usageRows));

/** Which rows of usage. */
export const UsageParameters = z.strictObject({
  ...Days,
  /** Rows of one key alone, by its id. */
  key_id: z.optional(KeyId),
  /** Rows of one operation alone. */
  operation: z.optional(PaidOperation),
  /** Maximum rows of the answer. */
  limit: z._default(PageLimit, LIMITS.usageRows),
  /** `next_cursor` of the page before. */
  cursor: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.cursorLength))),
});
export type UsageParameters = z.infer<typeof UsageParameters>;

/** Usage by day, key and operation, newest day first. */
export const UsageAnswer = z.object({
  /** The rows of this page. */
  usage: z.array(UsageRow),
  /** Send it as `cursor` to get the next rows; null after the last. */
  next_cursor: z.nullable(z.string()),
});
export type UsageAnswer = z.infer<typeof UsageAnswer>;

/**
 * A top-up of the account.
 *
 * @example { "amount_usd": "20" }
 */
export const TopUpRequest = z.strictObject({
  /** The amount in US dollars, in whole cents, as a decimal string. */
  amount_usd: UsdAmount,
});
export type TopUpRequest = z.infer<typeof TopUpRequest>;

/** Where to pay a top-up. */
export const TopUpAnswer = z.object({
  /** The checkout page. The balance grows when the payment has been made. */
  url: z.string(),
  amount_usd: UsdAmount,
  expires_at: Time,
});
export type TopUpAnswer = z.infer<typeof TopUpAnswer>;

/**
 * A new account.
 *
 * @example { "account": "newsroom", "plan": "standard" }
 */
export const CreateAccountRequest = z.strictObject({
  /** The account's name. Without it, a random one. */
  account: z.optional(AccountId),
  plan: z.optional(PlanName),
});
export type CreateAccountRequest = z.infer<typeof CreateAccountRequest>;

/**
 * Money for an account, without a payment provider.
 *
 * @example { "amount_usd": "10", "reference": "invoice 2026-118" }
 */
export const CreditRequest = z.strictObject({
  /** The amount in US dollars. */
  amount_usd: UsdAmount,
  /** Why: the same reference of an account is credited once. */
  reference: z.string().check(z.minLength(1), z.maxLength(LIMITS.referenceLength)),
});
export type CreditRequest = z.infer<typeof CreditRequest>;

/** What an operation brought and cost, over all keys. */
export const RevenueRow = z.object({
  operation: PaidOperation,
  /** Answers that were delivered. */
  requests: z.int(),
  units: Units,
  /** What callers paid, in US dollars. */
  revenue_usd: UsdAmount,
  /** What the models cost, in US dollars, as far as it is known. */
  cost_usd: UsdAmount,
  /** Requests of which the models' cost is not known. */
  requests_without_cost: z.int(),
});
export type RevenueRow = z.infer<typeof RevenueRow>;

/** Which revenue. */
export const RevenueParameters = z.strictObject({
  ...Days,
  /** Maximum accounts that are added up. */
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(LIMITS.revenueAccounts)), LIMITS.revenueAccounts),
  /** `next_cursor` of the page before. */
  cursor: z.optional(Owner),
});
export type RevenueParameters = z.infer<typeof RevenueParameters>;

/** Revenue against cost by operation, of one account or of a page of all accounts. */
export const RevenueAnswer = z.object({
  /** The accounts that were added up. */
  accounts: z.array(z.string()),
  /** One row for each operation that was used. */
  revenue: z.array(RevenueRow),
  /** Send it as `cursor` to add up the next accounts; null after the last. */
  next_cursor: z.nullable(z.string()),
});
export type RevenueAnswer = z.infer<typeof RevenueAnswer>;
