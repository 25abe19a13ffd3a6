import { NewKeyAnswer } from "../../schemas/accounts.ts";
import { COMMANDS } from "./commands.ts";
import type { Service } from "./service.ts";

const ACCOUNT = "development";
/** So many days the keys work. An account has a hundred that work, and each start makes two. */
const DAYS = 7;

/** Keys to try `ACCESS=keys` with: one that pays from a credit of USD 10, and one that costs nothing. */
export async function makeDevelopmentKeys(service: Service, now: number): Promise<{ live: string; test: string }> {
  const options = {
    name: "npm start",
    expires: new Date(now + DAYS * 24 * 60 * 60 * 1000).toISOString(),
    reference: "development",
    yes: false,
    json: false,
    help: false,
  };
  const run = async (command: string, words: string[], more: object) =>
    (await COMMANDS[command]?.run(service, [ACCOUNT, ...words], { ...options, ...more }))?.json;
  const live = NewKeyAnswer.parse(await run("create", [], { mode: "live", scopes: "recognize,stages,admin" }));
  const test = NewKeyAnswer.parse(await run("create", [], { mode: "test", scopes: "recognize,stages" }));
  await run("credit", ["10"], {});
  return { live: live.key, test: test.key };
}
