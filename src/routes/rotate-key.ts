import type { Context } from "hono";
import { type NewKeyAnswer, RotateKeyRequest } from "../../schemas/accounts.ts";
import { readJsonFields } from "../request/read-fields.ts";
import {
  type AccountDependencies,
  keyIdIn,
  NO_STORE,
  noSuchKey,
  type OpenRequestedAccount,
  tooManyKeys,
} from "./account-request.ts";

/** `POST /v1/keys/{id}/rotate`, and the operator's: a key that replaces another, which works on for the overlap. */
export const rotateKeyRoute = (open: OpenRequestedAccount, { timer, deadlineMs }: AccountDependencies) =>
  async function rotateKeyRoute(context: Context): Promise<Response> {
    const { ask, makeKey } = await open(context);
    const { overlap_seconds } = await readJsonFields(context.req.raw, RotateKeyRequest, timer(deadlineMs));
    const id = keyIdIn(context);
    const old = (await ask((calls) => calls.listKeys())).find((key) => key.id === id);
    if (!old) throw noSuchKey();
    const { text, ...made } = await makeKey(old.mode);
    const facts = await ask((calls) => calls.rotateKey(id, made, overlap_seconds * 1000));
    if (!facts) throw noSuchKey();
    if ("outcome" in facts) throw tooManyKeys(facts);
    const answer: NewKeyAnswer = { key: text, ...facts };
    return context.json(answer, 201, NO_STORE);
  };
