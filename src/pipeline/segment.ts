import { LIMITS } from "../../schemas/limits.ts";
import type { RleMask, Size } from "../../schemas/primitives.ts";
import { type Problem, problemDocument } from "../../schemas/problem.ts";
import type { MaskReason, Region } from "../../schemas/recognize.ts";
import type { SegmentedMask } from "../../schemas/stages/segmentation.ts";
import type { LocatedBox } from "./locate.ts";
import { checkMask } from "./masks.ts";
import type { StageRunner } from "./run-stage.ts";
import type { View } from "./view.ts";

/** What a region says of its mask. */
export type MaskPart = Pick<Region, "mask" | "mask_score" | "mask_method" | "mask_reason" | "mask_url">;

/** Keeps a mask and returns a link to it; null when it cannot be kept. */
export type KeepMask = (mask: RleMask) => Promise<string | null>;

export function withoutMask(mask_reason: MaskReason): MaskPart {
  return { mask: null, mask_score: null, mask_method: null, mask_reason, mask_url: null };
}

/** The masks of all boxes in one call, by the boxes' ids, in the caller's picture; and a problem for each that was refused. */
export async function segment(
  boxes: readonly LocatedBox[],
  view: View,
  size: Size,
  stages: StageRunner,
  keep: KeepMask,
): Promise<{ masks: Map<string, MaskPart>; problems: Problem[] }> {
  const asked = boxes.slice(0, LIMITS.stageBoxes);
  const input = asked.map(({ id, modelBox, type }) => ({ id, box: modelBox, type }));
  const output = await stages.run("segmentation", { image: view.image, boxes: input, warm: false });
  const answered = new Map(output?.masks.map((mask) => [mask.id, mask]));
  const problems: Problem[] = [];
  const parts = await Promise.all(
    asked.map(async (box): Promise<[string, MaskPart]> => {
      const part = output ? await maskPart(answered.get(box.id), box, view, size, keep) : withoutMask("stage_failed");
      const reason = part.mask_reason;
      if (reason === "outside_box" || reason === "bounds_differ") {
        problems.push(problemDocument("mask_refused", `The mask of ${box.id} was refused: ${reason}.`, { stage: "segmentation" }));
      }
      return [box.id, part];
    }),
  );
  return { masks: new Map(parts), problems };
}

async function maskPart(answer: SegmentedMask | undefined, { box }: LocatedBox, view: View, size: Size, keep: KeepMask): Promise<MaskPart> {
  if (!answer?.mask) return withoutMask("no_mask");
  const { mask, reason } = checkMask(answer.mask, box, size, view.orientation);
  if (!mask) return withoutMask(reason);
  return { mask, mask_score: answer.score, mask_method: answer.method, mask_reason: null, mask_url: await keep(mask) };
}
