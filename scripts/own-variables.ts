import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { STAGE_NAMES } from "../schemas/stages/index.ts";

/**
 * The variables of the environment that Namesight reads: chains, addresses, access and secrets. Other programs use
 * names such as ENVIRONMENT for themselves.
 */
const OWN_NAME = new RegExp(
  `^(?:${STAGE_NAMES.join("|").toUpperCase()}|ENDPOINT_[A-Z0-9_]+|MNER_CASCADE|CALIBRATION|MODEL_PRICES|ACCESS|WEBHOOK_ORIGINS|KEY_CHECK_SECRET|OPERATOR_TOKEN|(?:OPENAI|ROBOFLOW|MOONDREAM)_API_KEY|FAL_KEY|HF_TOKEN|TELEGRAM_(?:TOKEN|API)|DISCORD_(?:PUBLIC_KEY|APPLICATION_ID|TOKEN|API)|SLACK_(?:TOKEN|SIGNING_SECRET|API)|BOT_(?:ACCOUNT|CHAT_DAILY_USD)|REPLICATE_[A-Z_]+)$`,
);

/** Whether Namesight reads a variable of this name from the environment. */
export function isOwnName(name: string): boolean {
  return OWN_NAME.test(name);
}

/** What a file in the form of `.dev.vars` sets; nothing when there is none. */
export function readVariables(file: string): Record<string, string> {
  const all = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** What a person configured for this machine: everything in `.dev.vars`, overridden by own names of the environment. */
export function ownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
): Record<string, string> {
  const set = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && isOwnName(name) ? [[name, value] as const] : [],
  );
  return { ...readVariables(file), ...Object.fromEntries(set) };
}

/**
 * Variables as the text of a file that wrangler reads; everybody on the machine can read secrets on a command line.
 * wrangler expands `$` and knows three quotes. Throws an `Error` for a value that contains all three.
 */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => {
    const quote = ["'", "`", '"'].find((mark) => !value.includes(mark));
    if (!quote) throw new Error(`${name} contains all three quotes that a file of variables knows (' " and backtick)`);
    return `${name}=${quote}${value.replaceAll("$", "\\$")}${quote}\n`;
  });
  return lines.join("");
}
