import * as z from "zod/mini";
import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import { toNanoDollars, UsdAmount } from "../../schemas/money.ts";
import { checked } from "../readers/checked.ts";
import { readJsonLines } from "../readers/json-lines.ts";
import { postOfResult, Result } from "../readers/kinds/answers.ts";
import { respell, rulerOf } from "../scorers/offsets.ts";

const ToldProblem = z.object({ code: z.string(), stage: z._default(z.nullable(z.string()), null) });
const AskedModel = z.object({
  stage: z.string(),
  provider: z.string(),
  model: z.string(),
  version: z.nullable(z.string()),
  cached: z.boolean(),
});

/** What a result says beside what it predicts. Codes and names may be of another version of the service. */
const Told = z.object({
  problem: z.nullable(ToldProblem),
  answer: z.nullable(z.object({ partial: z.boolean(), problems: z.array(ToldProblem), stages: z.array(AskedModel) })),
  cost_usd: UsdAmount,
});

/** What became of a post: its prediction, and how that was made. */
export interface PostResult {
  /** As `schemas/evaluation.ts` has it: names are the post's own, and offsets count its tokens. */
  readonly prediction: EvaluatedPost;
  readonly outcome: "answered" | "partial" | "failed";
  readonly problems: readonly z.infer<typeof ToldProblem>[];
  readonly models: readonly z.infer<typeof AskedModel>[];
  /** Nano-dollars. */
  readonly cost: number;
}

/**
 * Reads the results that `npm run batch` has written so far, in whatever order posts ended.
 *
 * @param text JSON lines; the last may be cut off, where the process that wrote it was killed
 * @param posts those of the data set that were sent, in the order of the lines of the input
 * @returns the results in the order of the data set; posts without a result are left out
 * @throws an error that names the line when it is no result, or when its post was not sent
 */
export function readPostResults(text: string, posts: readonly EvaluatedPost[]): PostResult[] {
  const byLine = new Map<number, PostResult>();
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  readJsonLines(whole, "no result of a batch", (value) => {
    const result = checked(Result, value, "the result");
    const post = posts[result.line - 1];
    if (!post) throw new Error(`line: ${result.line} is none of the ${posts.length} posts that were sent`);
    byLine.set(result.line, resultOf(post, result, checked(Told, value, "the result")));
  });
  return posts.flatMap((_, index) => byLine.get(index + 1) ?? []);
}

function resultOf(post: EvaluatedPost, result: Result, told: z.infer<typeof Told>): PostResult {
  const { answer, problem, cost_usd } = told;
  const predicted = { ...postOfResult(result), id: post.id };
  const ruler = rulerOf(post);
  return {
    prediction: ruler ? respell(predicted, ruler) : predicted,
    outcome: !answer ? "failed" : answer.partial ? "partial" : "answered",
    problems: answer?.problems ?? (problem ? [problem] : [{ code: result.state, stage: null }]),
    models: answer?.stages ?? [],
    cost: toNanoDollars(cost_usd),
  };
}
