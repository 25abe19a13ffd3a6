import { LIMITS } from "../../../schemas/limits.ts";
import { cocoOfRle, polygonsOfRle } from "../../../schemas/polygon.ts";
import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import { problemDocument } from "../../../schemas/problem.ts";
import type { MaskForm } from "../../../schemas/recognize.ts";
import type { SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { MaskPart } from "../events.ts";
import { noMask } from "../fold.ts";
import type { Run } from "../run.ts";
import { checkMask } from "./check-mask.ts";
import { keepMask } from "./keep-mask.ts";

/** How to write a mask in each form. */
const FORMS = { rle: (mask: RleMask) => mask, polygon: polygonsOfRle, coco: cocoOfRle };

/** A box that is to get a mask. */
export interface PromptBox {
  readonly id: string;
  readonly type?: string | undefined;
  /** In pixels of the caller's upright picture. */
  readonly box: Box;
  /** In the pixels that models see. */
  readonly modelBox: Box;
}

/**
 * A mask for each box, `LIMITS.boxes` at most; the boxes after them have none. One call has up to `LIMITS.stageBoxes`
 * boxes. Calls run one after another, so that a model computes the picture's features only once. Emits a `mask` event
 * for each box and a `mask_refused` problem for each mask that does not fit its box.
 *
 * @param size of the caller's upright picture, which masks have too
 * @param form of the masks in the answer
 */
export async function segment(
  boxes: readonly PromptBox[],
  picture: PictureRef,
  size: Size,
  form: MaskForm,
  run: Run,
): Promise<void> {
  const segmented = new Map<string, SegmentedMask>();
  // A model may give many boxes for each of many names: a deadline has time for so many masks.
  const prompted = boxes.slice(0, LIMITS.boxes);
  for (let first = 0; first < prompted.length; first += LIMITS.stageBoxes) {
    const part = prompted.slice(first, first + LIMITS.stageBoxes);
    const prompts = part.map(({ id, modelBox, type }) => ({ id, box: modelBox, type }));
    const output = await run.stages.run("segmentation", { boxes: prompts, warm: false }, picture);
    for (const mask of output?.masks ?? []) segmented.set(mask.id, mask);
  }
  const missing = noMask(run.stages.failed("segmentation") ? "stage_failed" : "no_mask");
  const masks = await Promise.all(
    boxes.map(({ id, box }) => {
      const answer = segmented.get(id);
      return answer ? deliver(answer, box, picture, size, form, run) : missing;
    }),
  );
  // In the order of the boxes, whichever mask was stored first.
  boxes.forEach(({ id }, index) => {
    const mask = masks[index] ?? missing;
    const reason = mask.mask_reason;
    if (reason === "outside_box" || reason === "bounds_differ") {
      const detail = `The mask of ${id} was refused: ${reason}.`;
      run.emit({ event: "problem", problem: problemDocument("mask_refused", detail, { stage: "segmentation" }) });
    }
    run.emit({ event: "mask", region_id: id, mask });
  });
}

/** A model's mask as the answer has it: checked against its box, stored as PNG, in the requested form. */
async function deliver(
  answer: SegmentedMask,
  box: Box,
  picture: PictureRef,
  size: Size,
  form: MaskForm,
  run: Run,
): Promise<MaskPart> {
  if (!answer.mask) return noMask("no_mask");
  const { mask, reason } = checkMask(answer.mask, box, size, picture.orientation);
  if (!mask) return noMask(reason);
  const mask_url = await keepMask(mask, run);
  return {
    mask: FORMS[form](mask),
    mask_score: answer.score,
    mask_method: answer.method,
    mask_reason: null,
    mask_url,
  };
}
