import type { Context } from "hono";
import type { KeyMode, Scope } from "../../schemas/accounts.ts";
import { AccountId, KeyId } from "../../schemas/accounts.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { askAccount } from "../accounts/ask-account.ts";
import type { AccountCalls, TooManyKeys } from "../accounts/calls.ts";
import type { MadeKey } from "../accounts/keys.ts";
import { type AccessDependencies, requireKey, requireOperator, withAccounts } from "../middleware/access.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import type { AccountFiles } from "../storage/account-files.ts";
import type { SourceStore } from "../storage/source-store.ts";

/** What the operations on accounts need of their deployment. */
export interface AccountDependencies
  extends AccessDependencies,
    Pick<Deployment, "clock" | "randomBytes" | "deadlineMs" | "storeMs" | "testChains"> {
  readonly accountFiles: AccountFiles;
  readonly sources: SourceStore;
}

/** An account that the request may ask. */
export interface OpenAccount {
  readonly account: string;
  /** One call of the account. Throws `account_unavailable` when it does not answer in time. */
  ask<T>(call: (calls: AccountCalls) => Promise<T>): Promise<T>;
  /** A new key of the account. */
  makeKey(mode: KeyMode): Promise<MadeKey>;
}

/** Checks who asks. The same operations are for keys of an account, and for the operator under its own address. */
export type OpenRequestedAccount = (context: Context) => Promise<OpenAccount>;

/** Answers about accounts are for nobody else. */
export const NO_STORE = { "Cache-Control": "no-store" };

/** The account of the request's key, which must have a scope. */
export const byKey =
  (dependencies: AccountDependencies, scope: Scope | null): OpenRequestedAccount =>
  async (context) => {
    const { account } = await requireKey(context, dependencies, scope);
    return openAccount(account, dependencies);
  };

/** The account in the path, for the operator. */
export const byOperator =
  (dependencies: AccountDependencies): OpenRequestedAccount =>
  async (context) => {
    await requireOperator(context, dependencies);
    const account = context.req.param("account") ?? "";
    const isName = AccountId.safeParse(account).success;
    const opened = openAccount(account, dependencies);
    if (isName && (await opened.ask((calls) => calls.exists()))) return opened;
    throw new ProblemError("not_found", isName ? `There is no account ${account}.` : "There is no such account.");
  };

/** An account of which it is known that the request may ask it. */
export function openAccount(account: string, dependencies: AccountDependencies): OpenAccount {
  const { accounts, keys } = withAccounts(dependencies.access);
  return {
    account,
    ask: (call) => askAccount(call(accounts.at(account)), dependencies),
    makeKey: (mode) => keys.make(account, mode, dependencies.randomBytes),
  };
}

/** The key's id in the path. Throws `not_found` for what is none. */
export function keyIdIn(context: Context): string {
  const id = context.req.param("id") ?? "";
  if (KeyId.safeParse(id).success) return id;
  throw noSuchKey();
}

export function noSuchKey(): ProblemError {
  return new ProblemError("not_found", "The account has no key with this id that works.");
}

export function tooManyKeys({ limit }: TooManyKeys): ProblemError {
  return new ProblemError("too_many_keys", `The account has ${limit} keys that work, which is the limit.`);
}
