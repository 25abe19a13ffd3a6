import { Score, type StageEntity } from "../../../schemas/primitives.ts";
import type { Judgement } from "../../../schemas/stages/entailment.ts";
import { type Calibration, calibrate } from "../adapters/calibrate.ts";
import { type PhraseForm, phraseOf } from "../adapters/phrase.ts";
import { readShape } from "../replies/read-shape.ts";

/** Changes with every change of the compared words. */
export const CLIP_VERSION = "clip-1";

/** The sentence around both texts (Radford et al., arXiv 2103.00020, section 3.1.4). */
export const TEMPLATE = "a photo of {}.";
/** The text that the expression is compared with: true of any picture. */
export const NEUTRAL = "something else";

/** CLIP's text encoder takes 77 tokens, two of them special ones, and fails on more. */
const WORDS = 40;

export function phraseForClip(entity: StageEntity, without?: PhraseForm["without"]): string {
  return phraseOf(entity, { words: WORDS, ...(without && { without }) });
}

/**
 * The judgement from a raw score. CLIP's score is the softmax of the expression against the neutral text: how much
 * better it fits as a caption, which is not the probability that the thing is visible. SigLIP's is the sigmoid of the
 * expression alone. Throws a `StageError` when the score is not from 0 to 1.
 */
export function judgementOf({ id }: StageEntity, raw: number, calibration: Calibration | undefined): Judgement {
  const { score, calibrated } = calibrate(readShape(Score, raw), calibration);
  return { id, visible: score >= 0.5, score, method: "clip-zero-shot", calibrated, reason: null };
}
