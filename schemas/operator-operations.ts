import * as examples from "./account-examples.ts";
import { SAME } from "./account-operations.ts";
import {
  BalanceAnswer,
  CreateAccountRequest,
  CreditRequest,
  NewAccountAnswer,
  PlanRequest,
  RevenueAnswer,
  RevenueParameters,
} from "./accounts.ts";
import { ALWAYS, JSON_BODY, KEY, type Operation } from "./operation.ts";

const ACCOUNT = { account: "The account's name." };
const ID = { id: "The key's id, `key_…`." };
const OPERATOR = { tag: "operator", access: "operator" } as const;
const BALANCE = { name: "BalanceAnswer", schema: BalanceAnswer, example: examples.BALANCE };
const base = "/operator/accounts/{account}";

/** The operations of whoever runs the deployment. `npm run keys` calls them. */
export const OPERATOR_OPERATIONS: readonly Operation[] = [
  {
    id: "createAccount",
    method: "post",
    path: "/operator/accounts",
    ...OPERATOR,
    summary: "Create an account",
    description: "Creates an account with a first key of all scopes, whose secret is shown this once.",
    request: {
      name: "CreateAccountRequest",
      schema: CreateAccountRequest,
      examples: { newsroom: { account: "newsroom", plan: "standard" } },
      form: false,
      optional: true,
    },
    created: true,
    answer: { name: "NewAccountAnswer", schema: NewAccountAnswer, example: examples.NEW_ACCOUNT },
    problems: [...KEY, ...JSON_BODY, "account_exists", "not_found", "deadline_exceeded", ...ALWAYS],
  },
  {
    id: "deleteAccount",
    method: "delete",
    path: base,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    summary: "Delete an account",
    description:
      "Deletes an account with everything of it: keys, balance, usage, masks, overlays and kept answers. Repeating it " +
      "changes nothing.",
    problems: [...KEY, "not_found", "deadline_exceeded", ...ALWAYS],
  },
  {
    id: "getAccountBalance",
    method: "get",
    path: `${base}/balance`,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    ...SAME.balance,
  },
  {
    id: "getAccountSettings",
    method: "get",
    path: `${base}/settings`,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    ...SAME.settings,
  },
  {
    id: "setAccountSettings",
    method: "put",
    path: `${base}/settings`,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    ...SAME.setSettings,
  },
  { id: "getAccountUsage", method: "get", path: `${base}/usage`, ...OPERATOR, pathParameters: ACCOUNT, ...SAME.usage },
  {
    id: "setAccountPlan",
    method: "put",
    path: `${base}/plan`,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    summary: "Change the plan of an account",
    description: "Changes what the account may do from now on.",
    request: { name: "PlanRequest", schema: PlanRequest, examples: { large: { plan: "large" } }, form: false },
    answer: BALANCE,
    problems: [...KEY, ...JSON_BODY, "not_found", ...ALWAYS],
  },
  {
    id: "creditAccount",
    method: "post",
    path: `${base}/credit`,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    summary: "Give money to an account",
    description: "Adds to the balance of an account, without a payment provider. The same reference counts once.",
    request: {
      name: "CreditRequest",
      schema: CreditRequest,
      examples: { invoice: { amount_usd: "10", reference: "invoice 2026-118" } },
      form: false,
    },
    answer: BALANCE,
    problems: [...KEY, ...JSON_BODY, "not_found", "reference_used", ...ALWAYS],
  },
  {
    id: "listAccountKeys",
    method: "get",
    path: `${base}/keys`,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    ...SAME.listKeys,
  },
  {
    id: "createAccountKey",
    method: "post",
    path: `${base}/keys`,
    ...OPERATOR,
    pathParameters: ACCOUNT,
    ...SAME.createKey,
  },
  {
    id: "rotateAccountKey",
    method: "post",
    path: `${base}/keys/{id}/rotate`,
    ...OPERATOR,
    pathParameters: { ...ACCOUNT, ...ID },
    ...SAME.rotateKey,
  },
  {
    id: "revokeAccountKey",
    method: "delete",
    path: `${base}/keys/{id}`,
    ...OPERATOR,
    pathParameters: { ...ACCOUNT, ...ID },
    ...SAME.revokeKey,
  },
  {
    id: "getRevenue",
    method: "get",
    path: "/operator/revenue",
    ...OPERATOR,
    summary: "Compare what callers paid with what the models cost",
    description: "Returns revenue and the models' cost by operation, over a page of accounts.",
    query: { name: "RevenueParameters", schema: RevenueParameters },
    answer: { name: "RevenueAnswer", schema: RevenueAnswer, example: examples.REVENUE },
    problems: [...KEY, "invalid_request", "not_found", "deadline_exceeded", ...ALWAYS],
  },
];
