import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** The secrets of a deployment: names with their values, where those are known. */
export type Secrets = ReadonlyMap<string, string | null>;

const ASK_WITHIN_MS = 30_000;

/**
 * Secrets from a file: `NAME=value` lines as in `.dev.vars`, the JSON object that `wrangler secret bulk` takes, or the
 * JSON list that `wrangler secret list` prints, which has no values. Throws an `Error` with a message for people.
 */
export function readSecretsFile(file: string): Secrets {
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const text = readFileSync(file, "utf8");
  if (!/^\s*[[{]/.test(text))
    return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]));
  const secrets = readSecretsJson(text);
  if (!secrets) throw new Error(`${file} is neither an object of strings nor the list that wrangler prints`);
  return secrets;
}

/** Null for text that is no JSON in one of the two forms. */
function readSecretsJson(text: string): Secrets | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const entries: Array<readonly [unknown, unknown]> = Array.isArray(value)
    ? value.map((item: { name?: unknown } | null) => [item?.name, null])
    : Object.entries(value ?? {});
  const secrets = entries.flatMap(([name, secret]) =>
    typeof name === "string" && (secret === null || typeof secret === "string") ? [[name, secret] as const] : [],
  );
  return secrets.length === entries.length ? new Map(secrets) : null;
}

/** The secrets that the deployed Worker has, by name. Null when wrangler is not logged in or reaches nobody. */
export function listDeployedSecrets(config: string, environment: string): Secrets | null {
  const { status, stdout } = spawnSync(
    "node_modules/.bin/wrangler",
    ["secret", "list", "--config", config, "--env", environment, "--format", "json"],
    {
      encoding: "utf8",
      timeout: ASK_WITHIN_MS,
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
    },
  );
  // A warning may stand before the list.
  const list = /^\[[\s\S]*\]/m.exec(stdout ?? "")?.[0];
  return status === 0 && list ? readSecretsJson(list) : null;
}
