import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { STAGE_NAMES } from "../schemas/stages/index.ts";

/**
 * What counts of the environment: the chains, where their models are, and what opens those. ENVIRONMENT and the like
 * are other programs' too.
 */
const COUNTS = new RegExp(
  `^(?:${STAGE_NAMES.join("|").toUpperCase()}|ENDPOINT_[A-Z0-9_]+|CALIBRATION|OPENAI_API_KEY|HF_TOKEN|REPLICATE_[A-Z_]+)$`,
);

/** What a person configured for this machine: everything in `.dev.vars`, and over it what counts of the environment. */
export function ownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
): Record<string, string> {
  const kept = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  const set = Object.entries(environment).filter(([name]) => COUNTS.test(name));
  const all = [...Object.entries(kept), ...set].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(all);
}

/**
 * The same as a file that wrangler reads: secrets on a command line can be read by everybody on the machine. wrangler
 * expands `$`, and knows three quotes. Throws an `Error` for a value that has all three.
 */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => {
    const quote = ["'", "`", '"'].find((mark) => !value.includes(mark));
    if (!quote) throw new Error(`${name} has every kind of quote, which no file of variables can hold`);
    return `${name}=${quote}${value.replaceAll("$", "\\$")}${quote}\n`;
  });
  return lines.join("");
}
