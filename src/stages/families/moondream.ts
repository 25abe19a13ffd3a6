import * as z from "zod/mini";
import type { StageEntity } from "../../../schemas/primitives.ts";
import type { Judgement } from "../../../schemas/stages/entailment.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { quote } from "../adapters/quote.ts";
import { StageError } from "../model.ts";
import { readShape } from "../replies/read-shape.ts";

/** Moondream 3.1 as Workers AI has it (hosted-apis section 3.2). */
export const MOONDREAM_3 = { name: "@cf/moondream/moondream3.1-9B-A2B", alias: "moondream3" } as const;

/** Moondream 2 as Replicate has it: hosted-apis section 3.1 and its appendix. */
export const MOONDREAM_2 = {
  name: "lucataco/moondream2",
  version: "72ccb656353c348c1385df54b237eeb7bfa874bf11486cf0b9473e691b662d31",
  batch: 1,
  inputs: ["image", "prompt"],
  output: { type: "array" },
} as const;

/**
 * A picture is some 750 tokens, a phrase 2,000 at most; what a call may answer is bounded in `askMoondream3`. Prices:
 * hosted-apis section 3.2.
 */
export const MOONDREAM_3_PRICE = {
  price: "USD 0.30 a million tokens in, 1.00 out, on Workers AI (hosted-apis section 3.2, November 2026)",
  maximumCostUsd: 0.002,
} as const;

/**
 * It reasons and streams where it is not told otherwise (section 3.2), and draws lots at a temperature of 0.2 (its page
 * in the catalogue).
 */
export function askMoondream3(
  task: "query" | "caption" | "detect",
  image: string,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return { task, image, ...more, reasoning: false, stream: false, temperature: 0 };
}

/** Changes with every change of the question's words. */
export const SEEN_VERSION = "moondream-seen-1";

/**
 * Can one entity be seen? It reads one question and no instruction around it, so what strangers wrote stands in it as a
 * quoted string.
 */
export function askSeen(entity: StageEntity | undefined): string {
  return `Can ${quote(phraseOf(entity))} be seen in this picture? Answer yes or no.`;
}

/**
 * A bare yes or no, without a score: it tells none. Anything else is no verdict. Throws a `StageError` where it said
 * nothing at all.
 */
export function readSeen(id: string, answer: string): Judgement {
  const said = answer.trim();
  if (said === "") throw new StageError("invalid_output", "answered without a word");
  const [, word] = /^\W*(yes|no)\b(?!\s+(?:and|or)\b)/i.exec(said) ?? [];
  const visible = word === undefined ? null : word.toLowerCase() === "yes";
  return {
    id,
    visible,
    score: null,
    method: "moondream-query",
    calibrated: false,
    reason: visible === null ? "undecided" : null,
  };
}

/** Moondream 2's text, which comes in pieces. Throws a `StageError`. */
export function joined(output: unknown): string {
  return readShape(z.array(z.string()), output).join("");
}
