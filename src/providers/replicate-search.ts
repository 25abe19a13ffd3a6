import type Replicate from "replicate";
import * as z from "zod/mini";
import { callReplicate, type ReplicateAddress, ReplicateId } from "./replicate-client.ts";
import type { RequestRuntime } from "./runtime.ts";
import { isSameJson } from "./same-json.ts";
import { StageError } from "./stage-error.ts";

/** The model that runs: a version by its hash, an official model by its name, or a deployment. */
export type ReplicateTarget =
  | { readonly version: string }
  | { readonly model: string }
  | { readonly deployment: string };

/** Most pages of the list that are read; a page has 100 predictions. */
const PAGES = 3;
/** By how much Replicate's clock may differ from ours, in milliseconds. */
const SKEW_MS = 60_000;
/** Ends that say nothing about the input: such a prediction is no use to anybody. */
const STOPPED: ReadonlySet<string> = new Set(["canceled", "aborted"]);

/** The fields of a listed prediction that are read (docs/reference/hosted-models.md, "Replicate"). */
const Listed = z.object({
  id: ReplicateId,
  status: z.string(),
  created_at: z.string(),
  model: z.optional(z.nullable(z.string())),
  version: z.optional(z.nullable(z.string())),
  deployment: z.optional(z.nullable(z.string())),
  input: z.optional(z.unknown()),
});
const Page = z.object({ next: z.optional(z.nullable(z.string())), results: z.array(z.unknown()) });

/**
 * Looks for a prediction whose create response was lost, in the account's list: one of the same model with the same
 * input, created not before `since`. Its id, null where there is none. One HTTP request a page, the newest first.
 * Throws a `StageError`.
 *
 * @param since Unix time in milliseconds, by our clock
 */
export async function findPrediction(
  address: ReplicateAddress,
  target: ReplicateTarget,
  input: Readonly<Record<string, unknown>>,
  since: number,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<string | null> {
  const earliest = since - SKEW_MS;
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const { next, results } = await readPage(address, cursor, runtime, signal);
    const listed = results.flatMap((result) => z.safeParse(Listed, result).data ?? []);
    const recent = listed.filter(({ created_at }) => Date.parse(created_at) >= earliest);
    const found = recent.find(
      (prediction) =>
        isOf(prediction, target) && !STOPPED.has(prediction.status) && isSameJson(prediction.input, input),
    );
    if (found) return found.id;
    // The address of the next page is the vendor's own, also behind a gateway: only its cursor is used.
    cursor = next ? (URL.parse(next)?.searchParams.get("cursor") ?? null) : null;
    if (cursor === null || recent.length < listed.length) return null;
  }
  return null;
}

async function readPage(
  address: ReplicateAddress,
  cursor: string | null,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<z.infer<typeof Page>> {
  const list = (client: Replicate): Promise<unknown> =>
    cursor === null
      ? client.predictions.list({ signal } as never)
      : client
          .request(`/predictions?cursor=${encodeURIComponent(cursor)}`, { method: "GET", signal } as never)
          .then((response) => response.json());
  const page = z.safeParse(Page, await callReplicate(address, runtime, signal, list));
  if (page.success) return page.data;
  throw new StageError("unreadable", "answered with something that is not a list of predictions");
}

function isOf(prediction: z.infer<typeof Listed>, target: ReplicateTarget): boolean {
  if ("deployment" in target) return prediction.deployment === target.deployment;
  if (prediction.deployment) return false;
  return "version" in target ? prediction.version === target.version : prediction.model === target.model;
}
