import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import type { Box } from "../../../../schemas/primitives.ts";
import type { MaskForm } from "../../../../schemas/recognize.ts";
import type { SegmentationInput } from "../../../../schemas/stages/segmentation.ts";
import { foldEvents } from "../../../../src/pipeline/fold.ts";
import { segmentAll } from "../../../../src/pipeline/picture/segment.ts";
import { StageError } from "../../../../src/stages/model.ts";
import { PictureRef } from "../../../../src/stages/picture-ref.ts";
import { modelOf } from "../../../support/models.ts";
import { encodeRle } from "../../../support/rle.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const size = { width: 8, height: 6 };
const maskOf = (box: Box) =>
  encodeRle(
    Uint8Array.from({ length: 48 }, (_, index) => {
      const [x, y] = [(index % 8) + 0.5, Math.floor(index / 8) + 0.5];
      return Number(x > box.xmin && x < box.xmax && y > box.ymin && y < box.ymax);
    }),
    size,
  );
const box = { xmin: 1, ymin: 1, xmax: 5, ymax: 5 };
const prompt = (id: string) => ({ id, box, modelBox: box });

/** What is found for these boxes when the model answers so. */
function segmented(
  ids: readonly string[],
  answer: (input: SegmentationInput) => object | Promise<object>,
  form: MaskForm = "rle",
) {
  const model = modelOf<"segmentation">((input) => answer(input as unknown as SegmentationInput));
  return inRun(deploymentOf({ segmentation: [model] }), async (run) => {
    const data = { bytes: new Uint8Array(1), type: "image/png", size, orientation: 1 };
    await segmentAll(ids.map(prompt), new PictureRef(data, run.pictures), size, form, run);
    return {
      ...foldEvents(run.events),
      order: run.events.flatMap((event) => (event.event === "mask" ? event.region_id : [])),
    };
  });
}

const answered = (mask: object | null) => (input: SegmentationInput) => ({
  masks: input.boxes.map(({ id }) => ({ id, mask, score: 0.5, method: "m", reason: null })),
});

describe("segmentAll", () => {
  test("gives each box its mask as RLE, or as polygons when they are asked for", async () => {
    const { masks } = await segmented(["r1"], answered(maskOf(box)));
    expect(masks.get("r1")).toEqual({
      mask: maskOf(box),
      mask_score: 0.5,
      mask_method: "m",
      mask_reason: null,
      mask_url: null,
    });
    const { masks: polygons } = await segmented(["r1"], answered(maskOf(box)), "polygon");
    expect(polygons.get("r1")).toMatchObject({ mask: { size: [6, 8], polygons: [[[5, 1, 5, 5, 1, 5, 1, 1]]] } });
    const { masks: coco } = await segmented(["r1"], answered(maskOf(box)), "coco");
    expect(coco.get("r1")).toMatchObject({ mask: { size: [6, 8], segmentation: [[5, 1, 5, 5, 1, 5, 1, 1]] } });
  });

  test("refuses a mask outside its box, keeps the region and says so", async () => {
    const { masks, problems } = await segmented(["r1"], answered(maskOf({ xmin: 5, ymin: 0, xmax: 8, ymax: 6 })));
    expect(masks.get("r1")).toMatchObject({ mask: null, mask_reason: "outside_box" });
    expect(problems).toMatchObject([{ code: "mask_refused", detail: "The mask of r1 was refused: outside_box." }]);
  });

  test("says no_mask when the model leaves a box out, and stage_failed when the stage is down", async () => {
    const { masks: left } = await segmented(["r1"], () => ({ masks: [] }));
    expect(left.get("r1")).toMatchObject({ mask: null, mask_reason: "no_mask" });
    const { masks: down, problems } = await segmented(["r1"], () => Promise.reject(new StageError("failed", "failed")));
    expect(down.get("r1")).toMatchObject({ mask: null, mask_reason: "stage_failed" });
    expect(problems.map(({ code }) => code)).toEqual(["stage_failed"]);
  });

  test("asks for at most as many boxes at a time as a stage takes, one call after another", async () => {
    const ids = Array.from({ length: 2 * LIMITS.stageBoxes + 1 }, (_, index) => `r${index + 1}`);
    let running = 0;
    const calls: number[] = [];
    const { order } = await segmented(ids, async (input) => {
      expect(++running).toBe(1);
      calls.push(input.boxes.length);
      await Promise.resolve();
      running--;
      return { masks: [] };
    });
    expect(calls).toEqual([LIMITS.stageBoxes, LIMITS.stageBoxes, 1]);
    expect(order).toEqual(ids);
  });
});
