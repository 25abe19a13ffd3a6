import type { Context } from "hono";
import { type SettingsAnswer, SettingsRequest } from "../../schemas/accounts.ts";
import { readJsonFields } from "../request/read-fields.ts";
import { type AccountDependencies, NO_STORE, type OpenRequestedAccount } from "./account-request.ts";

/** `GET /v1/settings`, and the operator's: what the account's owner has chosen. */
export const settingsRoute = (open: OpenRequestedAccount) =>
  async function settingsRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const { resultSeconds } = await ask((calls) => calls.settings());
    const answer: SettingsAnswer = { result_seconds: resultSeconds };
    return context.json(answer, 200, NO_STORE);
  };

/** `PUT /v1/settings`, and the operator's: what is to hold for jobs that are accepted from now on. */
export const setSettingsRoute = (open: OpenRequestedAccount, { timer, deadlineMs }: AccountDependencies) =>
  async function setSettingsRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const settings = await readJsonFields(context.req.raw, SettingsRequest, timer(deadlineMs));
    await ask((calls) => calls.setSettings({ resultSeconds: settings.result_seconds }));
    return context.json(settings, 200, NO_STORE);
  };
