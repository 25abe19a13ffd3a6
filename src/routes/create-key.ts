import type { Context } from "hono";
import { CreateKeyRequest, type NewKeyAnswer } from "../../schemas/accounts.ts";
import { testKeysNotAvailable } from "../accounts/key-problem.ts";
import { fieldProblem } from "../request/field-problem.ts";
import { readJsonFields } from "../request/read-fields.ts";
import {
  type AccountDependencies,
  NO_STORE,
  type OpenAccount,
  type OpenRequestedAccount,
  tooManyKeys,
} from "./account-request.ts";

/** `POST /v1/keys`, and the operator's: a new key, whose secret is shown this once. */
export const createKeyRoute = (open: OpenRequestedAccount, dependencies: AccountDependencies) =>
  async function createKeyRoute(context: Context): Promise<Response> {
    const account = await open(context);
    const { timer, deadlineMs } = dependencies;
    const fields = await readJsonFields(context.req.raw, CreateKeyRequest, timer(deadlineMs));
    return context.json(await createKey(account, fields, dependencies), 201, NO_STORE);
  };

/** Creates a key. A test key cannot have the scope `admin`, with which it could make keys that pay. */
export async function createKey(
  { ask, makeKey }: OpenAccount,
  { name, mode, scopes, expires_at }: Readonly<CreateKeyRequest>,
  { testChains, clock }: Pick<AccountDependencies, "testChains" | "clock">,
): Promise<NewKeyAnswer> {
  if (mode === "test" && testChains === null) throw testKeysNotAvailable();
  if (mode === "test" && scopes.includes("admin")) {
    throw fieldProblem([{ pointer: "/scopes", detail: "must not include admin for a test key", value: "admin" }]);
  }
  const expiresAt = expires_at === undefined ? null : Date.parse(expires_at);
  if (expiresAt !== null && expiresAt <= clock()) {
    throw fieldProblem([{ pointer: "/expires_at", detail: "must be in the future", value: expires_at }]);
  }
  const { text, ...made } = await makeKey(mode);
  const facts = await ask((calls) => calls.createKey({ ...made, name, mode, scopes: [...new Set(scopes)], expiresAt }));
  if (!("outcome" in facts)) return { key: text, ...facts };
  throw tooManyKeys(facts);
}
