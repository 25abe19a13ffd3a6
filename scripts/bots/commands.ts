import { Api } from "grammy";
import { readWranglerConfig } from "../configuration.ts";
import { type Command, type Outcome, WrongUse } from "../keys/run-command.ts";
import { ownVariables } from "../own-variables.ts";
import { checkTelegram, setUpTelegram, type TelegramSetup } from "./telegram-setup.ts";

export const OPTIONS = {
  env: { type: "string" },
  url: { type: "string" },
  "take-over": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export interface Options {
  readonly env?: string | undefined;
  readonly url?: string | undefined;
  readonly "take-over": boolean;
}

type Given = [words: readonly string[], options: Options];

const needs = ["a platform, such as telegram"];

/** The commands of `npm run bots`. */
export const COMMANDS: Readonly<Record<"run" | "check" | "setup", Command<Given>>> = {
  run: {
    needs,
    run: async ([platform], options) => {
      const { token, apiRoot } = setupOf(platform, options);
      if (token === "") throw new WrongUse("TELEGRAM_TOKEN is not set: @BotFather gives one for /newbot");
      const { runTelegram } = await import("./run-telegram.ts");
      return runTelegram(token, apiRoot, options["take-over"]);
    },
  },
  check: { needs, run: async ([platform], options) => toOutcome(await checkTelegram(setupOf(platform, options))) },
  setup: { needs, run: async ([platform], options) => toOutcome(await setUpTelegram(setupOf(platform, options))) },
};

function setupOf(platform: string | undefined, { env, url }: Options): TelegramSetup {
  if (platform !== "telegram") throw new WrongUse(`there is no platform ${platform}; there is telegram`);
  const own = ownVariables(process.env, ".dev.vars");
  const apiRoot = own.TELEGRAM_API || "https://api.telegram.org";
  const token = own.TELEGRAM_TOKEN ?? "";
  const address =
    url ?? (env === undefined ? own.PUBLIC_URL : String(readWranglerConfig("wrangler.toml", env).vars.PUBLIC_URL));
  return {
    token,
    apiRoot,
    address: address ?? "",
    environment: env ?? null,
    api: new Api(token === "" ? "none" : token, { apiRoot }),
    fetch: (request) => fetch(request),
  };
}

/** What was found, a line each, and what to do next. */
export function toOutcome({ done, next }: Awaited<ReturnType<typeof checkTelegram>>): Outcome {
  const lines = [...done.map((line) => `ok    ${line}`), ...(next === null ? [] : [`next  ${next}`])];
  return { json: { done, next }, text: lines.join("\n"), failed: next !== null };
}
