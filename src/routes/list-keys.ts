import type { Context } from "hono";
import type { KeysAnswer } from "../../schemas/accounts.ts";
import { NO_STORE, type OpenRequestedAccount } from "./account-request.ts";

/** `GET /v1/keys`, and the operator's: the keys of an account, without their secrets. */
export const listKeysRoute = (open: OpenRequestedAccount) =>
  async function listKeysRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const answer: KeysAnswer = { keys: [...(await ask((calls) => calls.listKeys()))] };
    return context.json(answer, 200, NO_STORE);
  };
