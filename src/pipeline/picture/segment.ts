import { LIMITS } from "../../../schemas/limits.ts";
import { cocoOfRle, polygonsOfRle } from "../../../schemas/polygon.ts";
import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import { problemDocument } from "../../../schemas/problem.ts";
import type { MaskForm } from "../../../schemas/recognize.ts";
import type { SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { MaskPart } from "../events.ts";
import { noMask } from "../fold.ts";
import { gather } from "../gather.ts";
import type { Run } from "../run.ts";
import { checkMask } from "./check-mask.ts";
import { keepMask } from "./keep-mask.ts";

/** How to write a mask in each form. */
const FORMS = { rle: (mask: RleMask) => mask, polygon: polygonsOfRle, coco: cocoOfRle };

/** A box that is to get a mask. */
export interface PromptBox {
  readonly id: string;
  readonly type?: string | undefined;
  /** Describes what the box shows, where the pipeline knows it. */
  readonly expression?: string | undefined;
  /** In pixels of the caller's upright picture. */
  readonly box: Box;
  /** In the pixels that models see. */
  readonly modelBox: Box;
}

/** The masks of one picture's boxes, which become ready one by one. */
export interface Segmentation {
  /** Adds the boxes of so many of the expected contributions; one where absent. */
  add(boxes: readonly PromptBox[], contributions?: number): void;
  /** Resolves when each box has its mask, or the reason why it has none. */
  readonly done: Promise<void>;
}

export interface SegmentationOptions {
  /** How many contributions of boxes will come: one for each entity. */
  readonly contributions: number;
  /** The picture that models see. */
  readonly picture: PictureRef;
  /** Of the caller's upright picture, which masks have too. */
  readonly size: Size;
  /** The form of the masks in the answer. */
  readonly form: MaskForm;
  /** Ends when the model has computed the picture's features, or there is nothing to wait for. */
  readonly warming?: Promise<void>;
}

/**
 * Segments boxes as they become ready. A call is made when it is full, or when no more boxes can come (`gather`). A
 * model that takes many boxes has one call in flight, so that it computes the picture's features once; one that takes a
 * single box has as many as the run's connections allow. The first `LIMITS.boxes` boxes get masks. Emits a `mask` event
 * for each box, as soon as its call has ended, and a `mask_refused` problem for each mask that does not fit its box.
 */
export function startSegmentation(options: SegmentationOptions, run: Run): Segmentation {
  const { contributions, warming } = options;
  const batch = Math.min(run.stages.batch("segmentation"), LIMITS.stageBoxes);
  let left: number = LIMITS.boxes;
  const ask = async (boxes: readonly PromptBox[]) => {
    await warming;
    const prompts = boxes.map(({ id, modelBox, type, expression }) => ({ id, box: modelBox, type, expression }));
    const output = await run.stages.run("segmentation", { boxes: prompts, warm: false }, options.picture);
    await deliverAll(boxes, output?.masks ?? [], options, run);
  };
  const gathering = gather({ contributions, batch, callsAtATime: batch === 1 ? Infinity : 1, ask });
  return {
    add(boxes, made) {
      // A model may give many boxes for each of many names: a deadline has time for so many masks.
      const prompted = boxes.slice(0, left);
      left -= prompted.length;
      for (const { id } of boxes.slice(prompted.length)) {
        run.emit({ event: "mask", region_id: id, mask: noMask("no_mask") });
      }
      gathering.add(prompted, made);
    },
    done: gathering.done,
  };
}

/** Segments boxes that are all ready, as `startSegmentation` does. */
export async function segmentAll(
  boxes: readonly PromptBox[],
  picture: PictureRef,
  size: Size,
  form: MaskForm,
  run: Run,
): Promise<void> {
  const segmentation = startSegmentation({ contributions: 1, picture, size, form }, run);
  segmentation.add(boxes);
  await segmentation.done;
}

/** Emits the masks of one call's boxes, in the order of the boxes, whichever mask was stored first. */
async function deliverAll(
  boxes: readonly PromptBox[],
  answers: readonly SegmentedMask[],
  options: SegmentationOptions,
  run: Run,
): Promise<void> {
  const segmented = new Map(answers.map((answer) => [answer.id, answer]));
  const missing = (id: string) => noMask(run.stages.missing("segmentation", id) ?? "no_mask");
  const masks = await Promise.all(
    boxes.map(({ id, box }) => {
      const answer = segmented.get(id);
      return answer ? deliver(answer, box, options, run) : missing(id);
    }),
  );
  boxes.forEach(({ id }, index) => {
    const mask = masks[index] ?? missing(id);
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
  { picture, size, form }: SegmentationOptions,
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
