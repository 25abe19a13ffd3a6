import { Score } from "../../../schemas/primitives.ts";
import type { Judgement } from "../../../schemas/stages/entailment.ts";
import { calibrate } from "../adapters/calibrate.ts";
import { type PhraseForm, phraseOf } from "../adapters/phrase.ts";
import type { StageInput } from "../model.ts";
import { readShape } from "../replies/read-shape.ts";
import type { Calibration } from "../stage-adapter.ts";

/** Changes with every change of the words that are compared. */
export const CLIP_VERSION = "clip-1";

/**
 * Around both (Radford et al., "Learning transferable visual models from natural language supervision", section 3.1.4).
 */
export const TEMPLATE = "a photo of {}.";
/** What the expression is compared with: words that are true of any picture. */
export const NEUTRAL = "something else";

/** CLIP's text encoder takes 77 tokens, two of them its own, and fails on more. */
const WORDS = 40;

export function phraseForClip(
  { entities: [entity] }: StageInput<"entailment">,
  without?: PhraseForm["without"],
): string {
  return phraseOf(entity, { words: WORDS, ...(without && { without }) });
}

/**
 * What is raw is the share that the model gives the expression. CLIP: the softmax of the expression against the neutral
 * words, so how much better of the two it captions this picture, and not how likely the thing is to be there. SigLIP: a
 * sigmoid of the expression alone. Throws a `StageError` where it is no share.
 */
export function judgementOf(
  { entities: [entity] }: StageInput<"entailment">,
  raw: number,
  fitted: Calibration | undefined,
): Judgement {
  const { score, calibrated } = calibrate(readShape(Score, raw), fitted);
  return { id: entity?.id ?? "", visible: score >= 0.5, score, method: "clip-zero-shot", calibrated, reason: null };
}
