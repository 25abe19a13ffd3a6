import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";
import { joinUrl } from "../../src/net/join-url.ts";
import { isAllowedEndpoint } from "../../src/net/provider-fetch.ts";
import { readAddress, type Variable } from "../../src/stages/address.ts";
import { ADAPTERS } from "../../src/stages/index.ts";
import type { ModelAddress, ReplicateSchema, StageAdapter } from "../../src/stages/model.ts";
import { findAdapter } from "../../src/stages/served.ts";
import { differencesOf, readVersionSchema } from "./schema.ts";

/** The result for one entry: its schema is as expected, differs, or could not be read. */
export interface Verdict {
  readonly stage: StageName;
  readonly entry: string;
  readonly state: "ok" | "drift" | "unchecked";
  /** One sentence each. */
  readonly findings: readonly string[];
}

/** The chains of one environment of wrangler.toml, and the variables that its entries refer to. */
export interface Environment {
  readonly chains: Readonly<Record<string, unknown>>;
  readonly variable: Variable;
}

export interface CheckOptions {
  /** Used instead of every entry's own endpoint. */
  readonly endpoint: URL | null;
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
}

/** Longest wait for one answer. */
const TIMEOUT_MS = 20_000;

/** Compares each Replicate entry of each chain, once, with the schema of its version. */
export async function checkEnvironments(
  environments: readonly Environment[],
  options: CheckOptions,
): Promise<Verdict[]> {
  const verdicts = new Map<string, Verdict>();
  for (const { chains, variable } of environments) {
    for (const stage of STAGE_NAMES) {
      const entries = String(chains[stage.toUpperCase()] ?? "").split(",");
      for (const entry of entries.map((each) => each.trim()).filter((each) => /^replicate[:/]/.test(each))) {
        const key = `${stage} ${entry}`;
        if (!verdicts.has(key)) verdicts.set(key, await checkEntry(stage, entry, variable, options));
      }
    }
  }
  return [...verdicts.values()];
}

async function checkEntry(
  stage: StageName,
  entry: string,
  variable: Variable,
  { endpoint, fetch }: CheckOptions,
): Promise<Verdict> {
  const verdict = (state: Verdict["state"], ...findings: string[]): Verdict => ({ stage, entry, state, findings });
  try {
    const address = readAddress(entry, variable);
    const card = cardOf(stage, address);
    const at = endpoint ?? address.endpoint;
    if (!at || !isAllowedEndpoint(at)) throw new Unchecked("its endpoint must be https, or http on this machine");
    const get = (path: string) => getJson(joinUrl(at, path), address.token ?? "", fetch);
    const found = await findVersion(address, card, get);
    if (found === null) return verdict("drift", "it no longer exists (404)");
    const schema = readVersionSchema(found.openapi_schema);
    if (!schema) throw new Unchecked("the response has no schema of inputs");
    const differences = differencesOf(schema, card);
    return differences.length > 0
      ? verdict("drift", ...differences)
      : verdict("ok", `${card.inputs.length} inputs of ${schema.inputs.length}`);
  } catch (error) {
    return verdict("unchecked", error instanceof Error ? error.message : "unknown");
  }
}

/** The reason why an entry could not be checked. */
class Unchecked extends Error {}

/** Throws an `Error` where no model file serves the entry. */
function cardOf(stage: StageName, address: ModelAddress): ReplicateSchema {
  const adapters: readonly StageAdapter<StageName>[] = ADAPTERS[stage] as never;
  const { replicate } = findAdapter(stage, adapters, address).adapter.card;
  if (!replicate) throw new Unchecked("is not a model at Replicate");
  return replicate;
}

type Get = (path: string) => Promise<Record<string, unknown> | null>;

/**
 * The version that an entry uses: the pinned one, a deployment's current one, or an official model's latest. Null where
 * it no longer exists.
 */
async function findVersion(
  { model, version }: ModelAddress,
  card: { version: string | null },
  get: Get,
): Promise<Record<string, unknown> | null> {
  const asked = version ?? card.version;
  if (asked === null) {
    const official = await get(`/models/${model}`);
    return official && objectOf(official.latest_version);
  }
  if (!asked.startsWith("deployments/")) return get(`/models/${model}/versions/${asked}`);
  const deployment = await get(`/${asked}`);
  if (!deployment) return null;
  const { model: released, version: current } = objectOf(deployment.current_release);
  return get(`/models/${released}/versions/${current}`);
}

/** Throws an `Unchecked`. */
function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Unchecked("the response names no version");
  return value as Record<string, unknown>;
}

/** One GET; null for a 404. Throws an `Unchecked` for any response but a JSON object. */
async function getJson(url: URL, token: string, fetch: CheckOptions["fetch"]): Promise<Record<string, unknown> | null> {
  const init = {
    headers: { authorization: `Bearer ${token}` },
    redirect: "manual" as const,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  let answer: { status: number; text: string };
  try {
    const response = await fetch(url, init);
    answer = { status: response.status, text: await response.text() };
  } catch {
    throw new Unchecked(`${url.origin} cannot be reached, or broke off its answer`);
  }
  if (answer.status === 404) return null;
  if (answer.status === 401 || answer.status === 403)
    throw new Unchecked(`${url.origin} refused our token: ${answer.status}`);
  if (answer.status !== 200) throw new Unchecked(`${url.origin} answered ${answer.status}`);
  try {
    return objectOf(JSON.parse(answer.text));
  } catch {
    throw new Unchecked(`${url.origin} answered with something that is not a JSON object`);
  }
}

/** One line for each entry and each finding, and the totals. */
export function formatVerdicts(verdicts: readonly Verdict[]): string {
  const lines = verdicts.flatMap(({ stage, entry, state, findings }) => [
    `${state.padEnd(9)}  ${stage.padEnd(12)}  ${entry}`,
    ...findings.map((finding) => `           ${finding}`),
  ]);
  const count = (state: Verdict["state"]) => verdicts.filter((verdict) => verdict.state === state).length;
  const sum = `${count("ok")} as expected, ${count("drift")} drifted, ${count("unchecked")} not checked`;
  return [...lines, verdicts.length === 0 ? "no chain has a model at Replicate" : sum, ""].join("\n");
}

/** 1 where a schema differs, else 2 where one could not be checked, else 0. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  if (verdicts.some(({ state }) => state === "drift")) return 1;
  return verdicts.some(({ state }) => state === "unchecked") ? 2 : 0;
}
