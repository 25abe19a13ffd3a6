import { toUsd } from "../../schemas/money.ts";
import { STAGES } from "../../schemas/stages/index.ts";
import type { PostResult } from "./post-results.ts";

/** What was asked, of which posts. */
export interface RunFacts {
  /** The data set's file, its digest and its format. */
  readonly dataset: { readonly file: string; readonly sha256: string; readonly format: string };
  /** The options of the command that decide what is asked of whom, by name; null for one that was not given. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** How many posts the command asks about. */
  readonly posts: number;
  /** Ids of the posts that were sent without a picture because there is none. */
  readonly withoutPicture: readonly string[];
}

/** How often a problem occurred in posts with one outcome. */
interface ProblemCount {
  /** `failed`: in place of an answer. `partial`: in an answer that lacks something. `answered`: in a whole one. */
  readonly outcome: PostResult["outcome"];
  readonly code: string;
  readonly stage: string | null;
  readonly posts: number;
  /** The id of the first post of the data set that has it. */
  readonly example: string;
}

interface ModelCount {
  readonly stage: string;
  readonly provider: string;
  readonly model: string;
  /** Null when the model never answered. */
  readonly version: string | null;
  /** In how many answers it was asked, or an earlier result of it was used. */
  readonly posts: number;
  /** In how many of them an earlier result was used. */
  readonly cached: number;
}

/** `OUT.jsonl.run.json`: what was run, and what came of it. */
export interface RunManifest extends Pick<RunFacts, "dataset" | "options"> {
  readonly posts: {
    readonly asked: number;
    /** Have an answer, `partial` ones included. */
    readonly answered: number;
    /** Have an answer that lacks what a stage did not give. */
    readonly partial: number;
    readonly failed: number;
    /** Have no result so far. */
    readonly missing: number;
  };
  readonly without_picture: readonly string[];
  readonly problems: readonly ProblemCount[];
  readonly models: readonly ModelCount[];
  /** US dollars that all results were charged. */
  readonly cost_usd: string;
}

/** @param results in the order of the data set */
export function manifestOf(
  { dataset, options, posts, withoutPicture }: RunFacts,
  results: readonly PostResult[],
): RunManifest {
  const count = (outcome: PostResult["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  const [failed, partial] = [count("failed"), count("partial")];
  return {
    dataset,
    options,
    posts: { asked: posts, answered: results.length - failed, partial, failed, missing: posts - results.length },
    without_picture: withoutPicture,
    problems: problemsOf(results),
    models: modelsOf(results),
    cost_usd: toUsd(results.reduce((total, { cost }) => total + cost, 0)),
  };
}

const OUTCOMES: readonly PostResult["outcome"][] = ["failed", "partial", "answered"];

function problemsOf(results: readonly PostResult[]): ProblemCount[] {
  const counts = new Map<string, ProblemCount>();
  for (const { prediction, outcome, problems } of results) {
    const once = new Map(problems.map(({ code, stage }) => [JSON.stringify([outcome, code, stage]), { code, stage }]));
    for (const [key, { code, stage }] of once) {
      const { posts, example } = counts.get(key) ?? { posts: 0, example: prediction.id };
      counts.set(key, { outcome, code, stage, posts: posts + 1, example });
    }
  }
  const place = ({ outcome }: ProblemCount) => OUTCOMES.indexOf(outcome);
  return [...counts.values()].toSorted((a, b) => place(a) - place(b) || b.posts - a.posts);
}

function modelsOf(results: readonly PostResult[]): ModelCount[] {
  const counts = new Map<string, ModelCount>();
  for (const { models } of results) {
    const once = new Map<string, PostResult["models"][number]>();
    for (const asked of models) {
      const key = JSON.stringify([asked.stage, asked.provider, asked.model, asked.version]);
      once.set(key, { ...asked, cached: asked.cached || (once.get(key)?.cached ?? false) });
    }
    for (const [key, { cached, ...model }] of once) {
      const before = counts.get(key) ?? { posts: 0, cached: 0 };
      counts.set(key, { ...model, posts: before.posts + 1, cached: before.cached + Number(cached) });
    }
  }
  const stages = Object.keys(STAGES);
  const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, model]) => model);
  return sorted.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
}
