import type { Outcome } from "../keys/run-command.ts";

/** What is right, in order, and the first step that is missing; null where nothing is. */
export interface Findings {
  readonly done: readonly string[];
  readonly next: string | null;
}

/** The deployment that a bot is to have. */
export interface BotDeployment {
  /** Empty where none is named. */
  readonly address: string;
  /** Of wrangler.toml; null for its top. */
  readonly environment: string | null;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The address of a deployment that a platform can reach; null without one. */
export function httpsAddress({ address }: BotDeployment): URL | null {
  const url = URL.parse(address);
  return url?.protocol === "https:" && !url.hostname.endsWith(".example") ? url : null;
}

/** The options that name the deployment again. */
export function optionsOf({ environment, address }: BotDeployment): string {
  return environment === null ? ` --url ${address}` : ` --env ${environment}`;
}

/** What was found, a line each, and what to do next. */
export function toOutcome({ done, next }: Findings): Outcome {
  const lines = [...done.map((line) => `ok    ${line}`), ...(next === null ? [] : [`next  ${next}`])];
  return { json: { done, next }, text: lines.join("\n"), failed: next !== null };
}
