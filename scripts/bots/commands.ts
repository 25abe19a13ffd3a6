import { Api } from "grammy";
import { DISCORD_API } from "../../src/bots/discord-settings.ts";
import { SLACK_API } from "../../src/bots/slack-settings.ts";
import { TELEGRAM_API } from "../../src/bots/telegram-settings.ts";
import { readWranglerConfig } from "../configuration.ts";
import { type Command, type Outcome, WrongUse } from "../keys/run-command.ts";
import { ownVariables } from "../own-variables.ts";
import { checkDiscord, type DiscordSetup, setUpDiscord } from "./discord-setup.ts";
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

const needs = ["a platform: telegram, discord or slack"];

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
  discord: {
    run: async () => {
      throw new WrongUse(
        "Discord calls the bot, and needs an https address: docs/bots/discord.md says how npm start gets one",
      );
    },
    check: async (options) => toOutcome(await checkDiscord(discordOf(options))),
    setup: async (options) => toOutcome(await setUpDiscord(discordOf(options))),
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
      throw new WrongUse(`there is no platform ${platform}; there are ${names.join(", ")}`);
    }
    return (PLATFORMS[platform] as (typeof PLATFORMS)[string])[name](options);
  };
}

function telegramOf(options: Options): TelegramSetup {
  const { variable, ...deployment } = deploymentOf(options);
  const [token, apiRoot] = [variable("TELEGRAM_TOKEN"), variable("TELEGRAM_API") || TELEGRAM_API];
  return { ...deployment, token, apiRoot, api: new Api(token === "" ? "none" : token, { apiRoot }) };
}

function discordOf(options: Options): DiscordSetup {
  const { variable, configured, ...deployment } = deploymentOf(options);
  return {
    ...deployment,
    token: variable("DISCORD_TOKEN"),
    application: configured("DISCORD_APPLICATION_ID"),
    publicKey: configured("DISCORD_PUBLIC_KEY"),
    apiRoot: variable("DISCORD_API") || DISCORD_API,
  };
}

function slackOf(options: Options): SlackSetup {
  const { variable, ...deployment } = deploymentOf(options);
  const [token, signingSecret] = [variable("SLACK_TOKEN"), variable("SLACK_SIGNING_SECRET")];
  const api = (variable("SLACK_API") || SLACK_API).replace(/\/$/, "");
  return { ...deployment, token, signingSecret, api, clock: Date.now };
}

/** The deployment that the options name, with what is set on this machine, and what is set for it. */
function deploymentOf({ env, url }: Options) {
  const own = ownVariables(process.env, ".dev.vars");
  const variable = (name: string) => own[name] ?? "";
  const vars = env === undefined ? null : readWranglerConfig("wrangler.toml", env).vars;
  const configured = (name: string) => (vars ? String(vars[name as keyof typeof vars] ?? "") : variable(name));
  const address = url ?? configured("PUBLIC_URL");
  const deployment: BotDeployment = { address, environment: env ?? null, fetch: (request) => fetch(request) };
  return { ...deployment, variable, configured };
}
