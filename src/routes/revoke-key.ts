import type { Context } from "hono";
import { keyIdIn, NO_STORE, noSuchKey, type OpenRequestedAccount } from "./account-request.ts";

/** `DELETE /v1/keys/{id}`, and the operator's: ends a key at once. Repeating it changes nothing. */
export const revokeKeyRoute = (open: OpenRequestedAccount) =>
  async function revokeKeyRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const id = keyIdIn(context);
    const facts = await ask((calls) => calls.revokeKey(id));
    if (!facts) throw noSuchKey();
    return context.json(facts, 200, NO_STORE);
  };
