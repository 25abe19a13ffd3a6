import * as examples from "./account-examples.ts";
import {
  BalanceAnswer,
  CreateKeyRequest,
  KeyFacts,
  KeysAnswer,
  NewKeyAnswer,
  RotateKeyRequest,
  SettingsAnswer,
  SettingsRequest,
  TopUpAnswer,
  TopUpRequest,
  UsageAnswer,
  UsageParameters,
} from "./accounts.ts";
import { ALWAYS, JSON_BODY, KEY, type Operation } from "./operation.ts";
import { PricesAnswer } from "./prices.ts";

const ID = { id: "The key's id, `key_…`." };

type Same = Pick<
  Operation,
  "summary" | "description" | "request" | "query" | "created" | "answer" | "files" | "problems"
>;

/** What is the same for a key of an account and for the operator, who names the account in the path. */
export const SAME = {
  balance: {
    summary: "Get the balance of an account",
    description:
      "Returns what the account may still spend, and its plan. The header Webhook-Disabled names the account's webhook " +
      "endpoints that were disabled because they failed.",
    answer: { name: "BalanceAnswer", schema: BalanceAnswer, example: examples.BALANCE },
    problems: [...KEY, "not_found", ...ALWAYS],
  },
  settings: {
    summary: "Get the settings of an account",
    description: "Returns for how long results of jobs are kept.",
    answer: { name: "SettingsAnswer", schema: SettingsAnswer, example: examples.SETTINGS },
    problems: [...KEY, "not_found", ...ALWAYS],
  },
  setSettings: {
    summary: "Change the settings of an account",
    description: "Changes for how long results of jobs are kept that are accepted from now on.",
    request: {
      name: "SettingsRequest",
      schema: SettingsRequest,
      examples: { hour: { result_seconds: 3600 } },
      form: false,
    },
    answer: { name: "SettingsAnswer", schema: SettingsAnswer, example: { result_seconds: 3600 } },
    problems: [...KEY, ...JSON_BODY, "not_found", ...ALWAYS],
  },
  usage: {
    summary: "Get the usage of an account",
    description:
      "Returns usage by day, key and operation, newest day first, as JSON or CSV. The header Link names the next page.",
    query: { name: "UsageParameters", schema: UsageParameters },
    answer: { name: "UsageAnswer", schema: UsageAnswer, example: examples.USAGE },
    files: { "text/csv": "The same rows as CSV, with a header line. No cell is a formula." },
    problems: [...KEY, "invalid_request", "not_acceptable", "not_found", ...ALWAYS],
  },
  listKeys: {
    summary: "List the keys of an account",
    description: "Returns every key of the account, newest first, without its secret.",
    answer: { name: "KeysAnswer", schema: KeysAnswer, example: examples.KEYS },
    problems: [...KEY, "not_found", ...ALWAYS],
  },
  createKey: {
    summary: "Create a key",
    description:
      "Returns a new key with its secret, which is shown this once. A test key reaches the embedded models only, costs " +
      "nothing and cannot have the scope `admin`.",
    request: {
      name: "CreateKeyRequest",
      schema: CreateKeyRequest,
      examples: { bot: { name: "newsroom bot", scopes: ["recognize"] } },
      form: false,
    },
    created: true,
    answer: { name: "NewKeyAnswer", schema: NewKeyAnswer, example: examples.NEW_KEY },
    problems: [...KEY, ...JSON_BODY, "not_found", "too_many_keys", "test_keys_not_available", ...ALWAYS],
  },
  rotateKey: {
    summary: "Replace a key",
    description:
      "Returns a new key with the name, the scopes and the expiry of an old one. The old one works on for " +
      "`overlap_seconds`, so that clients can change without a failure. Rotating it again makes another key, and the " +
      "one made before works on.",
    request: {
      name: "RotateKeyRequest",
      schema: RotateKeyRequest,
      examples: { day: { overlap_seconds: 86400 } },
      form: false,
      optional: true,
    },
    created: true,
    answer: { name: "NewKeyAnswer", schema: NewKeyAnswer, example: examples.NEW_KEY },
    problems: [...KEY, ...JSON_BODY, "not_found", "too_many_keys", ...ALWAYS],
  },
  revokeKey: {
    summary: "End a key",
    description: "Ends a key at once. Repeating it changes nothing.",
    answer: {
      name: "KeyFacts",
      schema: KeyFacts,
      example: { ...examples.KEY_FACTS, revoked_at: "2026-11-26T13:00:00.000Z" },
    },
    problems: [...KEY, "not_found", ...ALWAYS],
  },
} as const satisfies Record<string, Same>;

/** An operation that needs the scope `admin`. */
const admin = <Rest extends Same>({ problems, ...rest }: Rest) =>
  ({ ...rest, tag: "accounts", access: "admin", problems: [...problems, "scope_missing"] }) as const;

/** The operations of an account's own keys, beside those that are paid. */
export const ACCOUNT_OPERATIONS: readonly Operation[] = [
  {
    id: "getPrices",
    method: "get",
    path: "/v1/prices",
    tag: "accounts",
    access: "free",
    summary: "Get the prices of all operations",
    description: "Returns what an answer, each entity that got a result, and each mask cost.",
    answer: { name: "PricesAnswer", schema: PricesAnswer, example: examples.PRICE_LIST },
    problems: ALWAYS,
  },
  { id: "getBalance", method: "get", path: "/v1/balance", tag: "accounts", access: "any key", ...SAME.balance },
  { id: "getSettings", method: "get", path: "/v1/settings", ...admin(SAME.settings) },
  { id: "setSettings", method: "put", path: "/v1/settings", ...admin(SAME.setSettings) },
  { id: "getUsage", method: "get", path: "/v1/usage", ...admin(SAME.usage) },
  { id: "listKeys", method: "get", path: "/v1/keys", ...admin(SAME.listKeys) },
  { id: "createKey", method: "post", path: "/v1/keys", ...admin(SAME.createKey) },
  { id: "rotateKey", method: "post", path: "/v1/keys/{id}/rotate", pathParameters: ID, ...admin(SAME.rotateKey) },
  { id: "revokeKey", method: "delete", path: "/v1/keys/{id}", pathParameters: ID, ...admin(SAME.revokeKey) },
  {
    id: "createTopUp",
    method: "post",
    path: "/v1/topups",
    tag: "accounts",
    access: "admin",
    summary: "Top up the account",
    description: "Returns a page of Stripe's on which the top-up is paid. The balance grows when it has been.",
    request: { name: "TopUpRequest", schema: TopUpRequest, examples: { twenty: { amount_usd: "20" } }, form: false },
    created: true,
    answer: { name: "TopUpAnswer", schema: TopUpAnswer, example: examples.TOP_UP },
    problems: [
      ...KEY,
      "scope_missing",
      ...JSON_BODY,
      "not_found",
      "topups_not_available",
      "payment_provider_failed",
      "deadline_exceeded",
      ...ALWAYS,
    ],
  },
  {
    id: "deleteRequest",
    method: "delete",
    path: "/v1/requests/{id}",
    tag: "accounts",
    access: "any key",
    pathParameters: { id: "The request's id, `req_…`; that of a post of a batch has its line, `req_…-1`." },
    summary: "Delete what a request left",
    description:
      "Deletes the masks, the overlay, the kept answer and the cache entries that only this request of the account left; " +
      "of a job also the post, its picture, what was found and the answer. The charge stays. Repeating it changes nothing, and an id that the account does not know gets 204 too. A request " +
      "that is still running cannot be deleted.",
    problems: [...KEY, "not_found", "request_in_flight", "job_unavailable", "deadline_exceeded", ...ALWAYS],
  },
];
