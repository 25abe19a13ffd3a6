import { Api } from "grammy";
import { SLACK_API } from "../../src/bots/slack-settings.ts";
import { readWranglerConfig } from "../configuration.ts";
import { type Command, type Outcome, WrongUse } from "../keys/run-command.ts";
import { ownVariables } from "../own-variables.ts";
import { type BotDeployment, toOutcome } from "./findings.ts";
import { checkSlack, manifestOf, type SlackSetup } from "./slack-setup.ts";
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

type Name = "run" | "check" | "setup";

const needs = ["a platform: telegram or slack"];

/** What each platform's commands do. */
const PLATFORMS: Readonly<Record<string, Readonly<Record<Name, (options: Options) => Promise<Outcome>>>>> = {
  telegram: {
    run: async (options) => {
      const { token, apiRoot } = telegramOf(options);
      if (token === "") throw new WrongUse("TELEGRAM_TOKEN is not set: @BotFather gives one for /newbot");
      const { runTelegram } = await import("./run-telegram.ts");
      return runTelegram(token, apiRoot, options["take-over"]);
    },
    check: async (options) => toOutcome(await checkTelegram(telegramOf(options))),
    setup: async (options) => toOutcome(await setUpTelegram(telegramOf(options))),
  },
  slack: {
    run: async () => {
      throw new WrongUse("Slack calls the bot, and needs the https address of a deployment: docs/bots/slack.md");
    },
    check: async (options) => toOutcome(await checkSlack(slackOf(options))),
    // Alone, so that it can be copied whole.
    setup: async (options) => {
      const manifest = manifestOf(slackOf(options));
      return { json: manifest, text: JSON.stringify(manifest, null, 2) };
    },
  },
};

/** The commands of `npm run bots`. */
export const COMMANDS: Readonly<Record<Name, Command<Given>>> = {
  run: { needs, run: run("run") },
  check: { needs, run: run("check") },
  setup: { needs, run: run("setup") },
};

function run(name: Name): Command<Given>["run"] {
  return async ([platform = ""], options) => {
    const names = Object.keys(PLATFORMS);
    if (!names.includes(platform)) {
      throw new WrongUse(`there is no platform ${platform}; there are ${names.join(" and ")}`);
    }
    return (PLATFORMS[platform] as (typeof PLATFORMS)[string])[name](options);
  };
}

function telegramOf(options: Options): TelegramSetup {
  const { variable, ...deployment } = deploymentOf(options);
  const [token, apiRoot] = [variable("TELEGRAM_TOKEN"), variable("TELEGRAM_API") || "https://api.telegram.org"];
  return { ...deployment, token, apiRoot, api: new Api(token === "" ? "none" : token, { apiRoot }) };
}

function slackOf(options: Options): SlackSetup {
  const { variable, ...deployment } = deploymentOf(options);
  const [token, signingSecret] = [variable("SLACK_TOKEN"), variable("SLACK_SIGNING_SECRET")];
  const api = (variable("SLACK_API") || SLACK_API).replace(/\/$/, "");
  return { ...deployment, token, signingSecret, api, clock: Date.now };
}

/** The deployment that the options name, with what is set on this machine. */
function deploymentOf({ env, url }: Options) {
  const own = ownVariables(process.env, ".dev.vars");
  const variable = (name: string) => own[name] ?? "";
  const configured = () =>
    env === undefined ? null : String(readWranglerConfig("wrangler.toml", env).vars.PUBLIC_URL);
  const address = url ?? configured() ?? variable("PUBLIC_URL");
  const deployment: BotDeployment = { address, environment: env ?? null, fetch: (request) => fetch(request) };
  return { ...deployment, variable };
}
