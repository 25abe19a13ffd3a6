import { LIMITS } from "../../../schemas/limits.ts";
import { polygonsOfRle } from "../../../schemas/polygon.ts";
import type { RleMask, Size } from "../../../schemas/primitives.ts";
import { type Problem, problemDocument } from "../../../schemas/problem.ts";
import type { MaskForm, MaskReason, Region } from "../../../schemas/recognize.ts";
import type { SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { StageRunner } from "../stage-runner.ts";
import { checkMask } from "./check-mask.ts";
import type { LocatedBox } from "./locate.ts";

/** What a region says of its mask. */
export type MaskPart = Pick<Region, "mask" | "mask_score" | "mask_method" | "mask_reason" | "mask_url">;

/** Keeps a mask and returns a link to it; null when it cannot or may not be kept. */
export type KeepMask = (mask: RleMask) => Promise<string | null>;

/** How masks leave us. */
export interface MaskDelivery {
  readonly form: MaskForm;
  readonly keep: KeepMask;
}

export function withoutMask(mask_reason: MaskReason): MaskPart {
  return { mask: null, mask_score: null, mask_method: null, mask_reason, mask_url: null };
}

/** A box to be segmented. */
export type SegmentedBox = Pick<LocatedBox, "id" | "box" | "modelBox"> & { readonly type?: string | undefined };

/**
 * The masks of the boxes, by their ids, in the caller's picture; and a problem for each that was refused. One call has
 * as many boxes as a stage takes, and only one runs at a time: a picture's features are computed once.
 */
export async function segment(
  boxes: readonly SegmentedBox[],
  view: PictureRef,
  size: Size,
  stages: StageRunner,
  { form, keep }: MaskDelivery,
): Promise<{ masks: Map<string, MaskPart>; problems: Problem[] }> {
  const answered = new Map<string, SegmentedMask>();
  for (let first = 0; first < boxes.length; first += LIMITS.stageBoxes) {
    const asked = boxes
      .slice(first, first + LIMITS.stageBoxes)
      .map(({ id, modelBox, type }) => ({ id, box: modelBox, type }));
    const output = await stages.run("segmentation", { boxes: asked, warm: false }, view);
    for (const mask of output?.masks ?? []) answered.set(mask.id, mask);
  }
  const problems: Problem[] = [];
  const parts = await Promise.all(
    boxes.map(async (box): Promise<[string, MaskPart]> => {
      const answer = answered.get(box.id);
      const missed = answer === undefined && stages.failed("segmentation");
      const part = missed ? withoutMask("stage_failed") : await maskPart(answer, box, view, size, { form, keep });
      const reason = part.mask_reason;
      if (reason === "outside_box" || reason === "bounds_differ") {
        problems.push(
          problemDocument("mask_refused", `The mask of ${box.id} was refused: ${reason}.`, { stage: "segmentation" }),
        );
      }
      return [box.id, part];
    }),
  );
  return { masks: new Map(parts), problems };
}

async function maskPart(
  answer: SegmentedMask | undefined,
  { box }: Pick<SegmentedBox, "box">,
  view: PictureRef,
  size: Size,
  { form, keep }: MaskDelivery,
): Promise<MaskPart> {
  if (!answer?.mask) return withoutMask("no_mask");
  const { mask, reason } = checkMask(answer.mask, box, size, view.orientation);
  if (!mask) return withoutMask(reason);
  const mask_url = await keep(mask);
  const given = form === "polygon" ? polygonsOfRle(mask) : mask;
  return { mask: given, mask_score: answer.score, mask_method: answer.method, mask_reason: null, mask_url };
}
