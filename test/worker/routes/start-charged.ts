import { env } from "cloudflare:workers";
import type { KeyMode, Scope } from "../../../schemas/accounts.ts";
import type { PlanName } from "../../../schemas/plans.ts";
import { accountsOf } from "../../../src/accounts/accounts.ts";
import { Keys } from "../../../src/accounts/keys.ts";
import type { World } from "../../../src/bindings.ts";
import { FAULTS, type ScriptedCog } from "../../support/scripted-cog.ts";
import { picture, scriptedPost, startApp, TEXT } from "../harness.ts";

/** What a new account has, in nano-dollars. */
export const MONEY = 1_000_000_000;
let accounts = 0;

export interface Options {
  readonly cog?: ScriptedCog;
  readonly mode?: KeyMode;
  readonly scopes?: readonly Scope[];
  readonly money?: number;
  readonly plan?: PlanName;
  readonly world?: World;
  readonly variables?: object;
}

/** The app with ACCESS=keys, and an account with a key and money. */
export async function startCharged({
  cog,
  mode = "live",
  money = MONEY,
  plan = "standard",
  world = {},
  ...rest
}: Options = {}) {
  const { scopes = ["recognize", "stages"], variables = {} } = rest;
  const name = `charged${++accounts}`;
  const calls = accountsOf(env.ACCOUNTS).at(name);
  await calls.create(plan);
  const { text: key, ...made } = await new Keys(env.KEY_CHECK_SECRET).make(name, mode, (length) =>
    crypto.getRandomValues(new Uint8Array(length)),
  );
  await calls.createKey({ ...made, name: "test", mode, scopes, expiresAt: null });
  if (money > 0) await calls.transfer({ kind: "credit", reference: "first", amount: money });
  // The account has the platform's clock, so the Worker has it as well.
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const app = startApp(
    cog ?? scriptedPost(),
    { clock: Date.now, randomBytes, ...world },
    { ACCESS: "keys", ...variables },
  );
  const headers = { authorization: `Bearer ${key}` };
  const post = (body: object = {}, more: Record<string, string> = {}, path = "/v1/recognize") =>
    app.post({ text: TEXT, ...body }, { ...headers, ...more }, path);
  const available = async () => (await calls.balance()).available;
  return { app, calls, name, key, headers, post, available };
}

export const withPicture = async () => ({ image: await picture() });
/** Models of which the first fails. */
export const unanswered = () => scriptedPost().on("mner", FAULTS.failed ?? (() => null));
