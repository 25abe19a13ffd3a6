import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf, type StageEntity } from "../../../schemas/primitives.ts";
import type { Judgement } from "../../../schemas/stages/entailment.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { quote } from "../adapters/quote.ts";
import { StageError } from "../model.ts";
import { cardPrice } from "../prices/model-prices.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";

/** Moondream 3.1 as Workers AI has it (docs/reference/hosted-models.md, "Workers AI"). */
export const MOONDREAM_3 = { name: "@cf/moondream/moondream3.1-9B-A2B", alias: "moondream3" } as const;

/** Moondream 2 as Replicate has it (docs/reference/hosted-models.md, "Models"). */
export const MOONDREAM_2 = {
  name: "lucataco/moondream2",
  version: "72ccb656353c348c1385df54b237eeb7bfa874bf11486cf0b9473e691b662d31",
  batch: 1,
  inputs: ["image", "prompt"],
  output: { type: "array" },
} as const;

export const MOONDREAM_3_PRICE = cardPrice("workers-ai/moondream3");

/**
 * The input of a call. By default, the model reasons, streams and samples at a temperature of 0.2: all are turned off.
 */
export function askMoondream3(
  task: "query" | "caption" | "detect",
  image: string,
  parameters: Record<string, unknown>,
): Record<string, unknown> {
  return { task, image, ...parameters, reasoning: false, stream: false, temperature: 0 };
}

export const MOONDREAM_CLOUD_PRICE = cardPrice("moondream/query");

export const MOONDREAM_FAL_PRICE = cardPrice("fal/fal-ai/moondream3-preview/query");

/** Settings of Moondream's cloud: one answer at once, without sampling. */
export function cloudSettings(more: Readonly<Record<string, number>> = {}) {
  return { stream: false, settings: { temperature: 0, ...more } };
}

/** Changes with every change of the question's words. */
export const VISIBLE_VERSION = "moondream-seen-1";

/**
 * Asks whether one entity is visible. The model reads one question and no system prompt, so the post's words stand in
 * it as a quoted string.
 */
export function visibleQuestion(entity: StageEntity): string {
  return `Can ${quote(phraseOf(entity))} be seen in this picture? Answer yes or no.`;
}

/** A bare yes or no, without a score. Any other answer is undecided. Throws a `StageError` for an empty one. */
export function readVisible(id: string, answer: string): Judgement {
  const text = answer.trim();
  if (text === "") throw new StageError("invalid_output", "answered with an empty text");
  const [, word] = /^\W*(yes|no)\b(?!\s+(?:and|or)\b)/i.exec(text) ?? [];
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

/** Moondream 2's text, joined from its list of pieces. Throws a `StageError`. */
export function joined(output: unknown): string {
  return readShape(ReplyText, readShape(listOf(z.string(), LIMITS.replyText), output).join(""));
}
