import type { Context } from "hono";
import type { Scope } from "../../schemas/accounts.ts";
import { toUtf8 } from "../../schemas/encodings.ts";
import { isEqual } from "../../schemas/equal-bytes.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { Access, KeyAccess, RateCounter } from "../accounts/access.ts";
import { askAccount } from "../accounts/ask-account.ts";
import { keyMissing, keyProblem, keyUnknown } from "../accounts/key-problem.ts";
import type { ReadKey } from "../accounts/keys.ts";
import { networkOf } from "../net/public-address.ts";
import { describeError } from "../observe/log.ts";
import type { Runtime } from "../runtime.ts";

/** What access needs of its deployment. */
export interface AccessDependencies extends Pick<Runtime, "timer" | "log"> {
  readonly access: Access;
}

/** The window of the rate limits in wrangler.toml. The binding does not tell how much of it is left. */
const RETRY_AFTER = { "Retry-After": "60" };

/**
 * The key of a request with a right check, or null without a key. No account is asked: whether it knows the key is
 * found by its first call. Requests are counted by key, and by address without a valid one.
 *
 * @throws ProblemError `key_invalid` for a key that this deployment did not make, `rate_limited`
 */
export async function readKey(context: Context, access: KeyAccess, log: Runtime["log"]): Promise<ReadKey | null> {
  const text = bearerOf(context);
  const key = text === null ? null : await access.keys.read(text);
  await (key
    ? count(access.keyRate, `${key.account}/${key.hash}`, log)
    : count(access.addressRate, addressOf(context), log));
  if (text !== null && !key) throw keyUnknown();
  return key;
}

/**
 * The key of a request for an operation on its account that costs nothing.
 *
 * @param scope what the key must be allowed; null for any key
 * @throws ProblemError when there is none, or it opens nothing
 */
export async function requireKey(
  context: Context,
  { access, ...runtime }: AccessDependencies,
  scope: Scope | null,
): Promise<ReadKey & { readonly keyId: string }> {
  const { accounts } = withAccounts(access);
  const key = await readKey(context, withAccounts(access), runtime.log);
  if (!key) throw keyMissingIn(context);
  const found = await askAccount(accounts.at(key.account).authenticate(key.hash, scope), runtime);
  if (found.outcome !== "valid") throw keyProblem(found);
  return { ...key, keyId: found.keyId };
}

/** The problem of a request without a key in its place. A key elsewhere is told where it belongs. */
export function keyMissingIn({ req }: Context): ProblemError {
  const isElsewhere = req.header("authorization") !== undefined || req.header("x-api-key") !== undefined;
  return isElsewhere ? keyMissing("The key must come as Authorization: Bearer nk_….") : keyMissing();
}

/** Refuses a request about accounts that has not the operator's token. Every such request counts for its address. */
export async function requireOperator(context: Context, dependencies: AccessDependencies): Promise<KeyAccess> {
  const keyAccess = withAccounts(dependencies.access);
  await requireOperatorToken(context, dependencies);
  return keyAccess;
}

/** As `requireOperator`, also where there are no accounts. */
export async function requireOperatorToken(context: Context, { access, log }: AccessDependencies): Promise<void> {
  await countAddress(context, { access, log });
  const { operatorToken = "" } = access;
  if (operatorToken === "") throw new ProblemError("not_found", "This deployment has no operator's token.");
  const token = bearerOf(context);
  if (token === null) throw keyMissing("Send the operator's token in the header Authorization: Bearer ….");
  if (!isEqual(toUtf8(token), toUtf8(operatorToken))) throw keyUnknown("The token is not the operator's.");
}

type Counting = Pick<AccessDependencies, "access" | "log">;

/** Counts a request for its caller's network, where the deployment counts. Throws `rate_limited`. */
export async function countAddress(context: Context, { access, log }: Counting): Promise<void> {
  if (access.addressRate) await count(access.addressRate, addressOf(context), log);
}

/** Counts a request of a source of messages, where the deployment counts. Throws `rate_limited`. */
export async function countSource(source: string, { access, log }: Counting): Promise<void> {
  if (access.keyRate) await count(access.keyRate, source, log);
}

/** The accounts of a deployment. Throws `not_found` where it has none. */
export function withAccounts(access: Access): KeyAccess {
  if (access.mode === "keys") return access;
  throw new ProblemError("not_found", "This deployment has no accounts: anybody may use it (ACCESS=open).");
}

/** The token of `Authorization: Bearer` (RFC 6750, section 2.1); null without one. */
export function bearerOf(context: Context): string | null {
  return /^bearer +(\S+) *$/i.exec(context.req.header("authorization") ?? "")?.[1] ?? null;
}

/** The caller's network, as the platform tells it. */
function addressOf(context: Context): string {
  return networkOf(context.req.header("cf-connecting-ip") ?? "");
}

/** Throws `rate_limited` when too many were counted. A count that fails refuses nobody: quotas are the account's. */
async function count(limit: RateCounter, key: string, log: Runtime["log"]): Promise<void> {
  const counted = await limit.limit({ key }).catch((error: unknown) => {
    log({ event: "not_counted", ...describeError(error) });
    return { success: true };
  });
  if (counted.success) return;
  throw new ProblemError("rate_limited", "Too many requests: try again in 60 s.", {}, RETRY_AFTER);
}
