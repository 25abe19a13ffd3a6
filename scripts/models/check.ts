import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";
import { isAllowedEndpoint } from "../../src/net/provider-fetch.ts";
import { readAddress, type Variable } from "../../src/stages/address.ts";
import { ADAPTERS } from "../../src/stages/index.ts";
import type { ModelAddress } from "../../src/stages/model.ts";
import type { ReplicateSchema, StageAdapter } from "../../src/stages/stage-adapter.ts";
import { differencesOf, readVersionSchema } from "./schema.ts";

/** What became of an entry: as we know it, another than we know, or not to be seen. */
export interface Verdict {
  readonly stage: StageName;
  readonly entry: string;
  readonly state: "ok" | "drift" | "unchecked";
  /** One sentence each. */
  readonly findings: readonly string[];
}

/** The chains of one environment of wrangler.toml, and what else its entries refer to. */
export interface Environment {
  readonly chains: Readonly<Record<string, unknown>>;
  readonly variable: Variable;
}

export interface CheckOptions {
  /** In place of every entry's own. */
  readonly endpoint: URL | null;
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
}

/** Longest wait for one answer. */
const PATIENCE_MS = 20_000;

/** Each Replicate entry of each chain, once, held to the schema of its version. */
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
    const get = (path: string) => getJson(new URL(`${at.href.replace(/\/$/, "")}${path}`), address.token ?? "", fetch);
    const found = await findVersion(address, card, get);
    if (found === null) return verdict("drift", "it is gone: 404");
    const schema = readVersionSchema(found.openapi_schema);
    if (!schema) throw new Unchecked("what it answered has no schema of inputs");
    const differences = differencesOf(schema, card);
    return differences.length > 0
      ? verdict("drift", ...differences)
      : verdict("ok", `${card.inputs.length} inputs of ${schema.inputs.length}`);
  } catch (error) {
    return verdict("unchecked", error instanceof Error ? error.message : "unknown");
  }
}

/** Why an entry could not be looked at. */
class Unchecked extends Error {}

function cardOf(stage: StageName, { provider, model }: ModelAddress): ReplicateSchema {
  const adapters: readonly StageAdapter<StageName>[] = ADAPTERS[stage] as never;
  const adapter = adapters.find(({ serves }) =>
    serves.some((served) => served.provider === provider && served.models.test(model)),
  );
  if (!adapter?.card.replicate) throw new Unchecked(`no ${stage} model at Replicate is called that`);
  return adapter.card.replicate;
}

type Get = (path: string) => Promise<Record<string, unknown> | null>;

/**
 * The version that an entry asks: the pinned one, a deployment's current one, or an official model's latest, which has
 * no public list of versions (hosted-apis section 1.4). Null where it is gone.
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
  if (typeof value !== "object" || value === null) throw new Unchecked("what it answered names no version");
  return value as Record<string, unknown>;
}

/** One GET; null for a 404. Throws an `Unchecked` for everything that is no JSON object. */
async function getJson(url: URL, token: string, fetch: CheckOptions["fetch"]): Promise<Record<string, unknown> | null> {
  const init = {
    headers: { authorization: `Bearer ${token}` },
    redirect: "manual" as const,
    signal: AbortSignal.timeout(PATIENCE_MS),
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
    throw new Unchecked(`${url.origin} answered something that is no JSON object`);
  }
}

/** One line an entry and one a finding, and what it comes to. */
export function formatVerdicts(verdicts: readonly Verdict[]): string {
  const lines = verdicts.flatMap(({ stage, entry, state, findings }) => [
    `${state.padEnd(9)}  ${stage.padEnd(12)}  ${entry}`,
    ...findings.map((finding) => `           ${finding}`),
  ]);
  const count = (state: Verdict["state"]) => verdicts.filter((verdict) => verdict.state === state).length;
  const sum = `${count("ok")} as we know them, ${count("drift")} drifted, ${count("unchecked")} not checked`;
  return [...lines, verdicts.length === 0 ? "no chain has a model at Replicate" : sum, ""].join("\n");
}

/** 1 where something drifted, 2 where nothing did as far as could be seen, but not all could. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  if (verdicts.some(({ state }) => state === "drift")) return 1;
  return verdicts.some(({ state }) => state === "unchecked") ? 2 : 0;
}
