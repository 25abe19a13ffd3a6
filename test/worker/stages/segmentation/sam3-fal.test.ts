import { describe, expect, test } from "vitest";
import type { Usage } from "../../../../src/providers/usage.ts";
import type { Fault } from "../../../support/hosted/script.ts";
import { dataUrl, greyPng } from "../../../support/png.ts";
import { startModel } from "../harness.ts";
import { box, boxes, delivered, IMAGE, maskOf, maskPng, SENT } from "../mask-fixtures.ts";

const MODEL = "fal-ai/sam-3-1/image";
const [LEFT, RIGHT, INNER] = [box(1, 1, 7, 11), box(12, 3, 18, 9), box(3, 4, 5, 6)];
const start = (output: unknown, { files = {}, faults = [] as readonly Fault[], model = MODEL } = {}) =>
  startModel("segmentation", `fal:test/${model}`, {
    replies: { [`fal ${model}`]: [output] },
    files,
    faults: { fal: faults },
  });
/** A mask as fal returns it: `Image` of its client's types. */
const image = async (set: typeof LEFT, size = SENT) => ({
  url: dataUrl(await maskPng(set, size)),
  content_type: "image/png",
  file_name: "mask.png",
  file_size: 1,
  ...size,
});
const segmented = (id: string, set: typeof LEFT, score: number | null = null) => ({
  id,
  mask: maskOf(set),
  score,
  method: "sam3",
  reason: null,
});
const NONE = { mask: null, score: null, method: null, reason: "no mask overlaps this box" };

test.each([[MODEL], ["fal-ai/sam-3/image"]])(
  "sends all boxes to %s in one request and reads the masks",
  async (model) => {
    const output = {
      image: null,
      masks: [await image(LEFT), await image(RIGHT)],
      scores: [0.9, null],
      boxes: [
        [0.2, 0.5, 0.3, 0.8],
        [0.75, 0.5, 0.3, 0.5],
      ],
      metadata: [
        { index: 0, score: 0.9, box: [0.2, 0.5, 0.3, 0.8] },
        { index: 1, score: 0.8, box: null },
      ],
    };
    const { run, calls, model: started } = await start(output, { model });
    expect(started).toMatchObject({ batch: Number.POSITIVE_INFINITY, takesLinks: true, promptVersion: "1" });
    const spent: Usage[] = [];
    expect(await run(boxes(LEFT, RIGHT), { spent: (usage) => spent.push(usage) })).toEqual({
      model,
      version: "unversioned",
      masks: [segmented("b1", LEFT, 0.9), segmented("b2", RIGHT, 0.8)],
    });
    expect(spent).toEqual([{}]);
    const [call, ...more] = await calls();
    expect(more).toEqual([]);
    expect(call).toMatchObject({ path: `/fal/run/${model}`, headers: { authorization: "Key t0ken" } });
    expect(call?.body).toEqual({
      image_url: IMAGE,
      prompt: "",
      box_prompts: [
        { x_min: 1, y_min: 1, x_max: 7, y_max: 11, object_id: 1 },
        { x_min: 12, y_min: 3, x_max: 18, y_max: 9, object_id: 2 },
      ],
      apply_mask: false,
      return_multiple_masks: true,
      max_masks: 2,
      include_scores: true,
      include_boxes: true,
      output_format: "png",
      sync_mode: true,
    });
  },
);

test.each([
  [box(-3.2, 0.4, 6.1, 10.9), [0, 0, 7, 11]],
  [box(4.2, 4.2, 4.4, 4.4), [4, 4, 5, 5]],
  [box(19.9, 11.9, 30, 30), [19, 11, 20, 12]],
  [box(25, 15, 30, 30), [19, 11, 20, 12]],
])("sends whole pixels inside the picture, never none: %j", async (sent, [x_min, y_min, x_max, y_max]) => {
  const { run, calls } = await start({ masks: [] });
  await expect(run(boxes(sent))).rejects.toMatchObject({ code: "nothing_found" });
  expect((await calls())[0]?.body).toMatchObject({ box_prompts: [{ x_min, y_min, x_max, y_max, object_id: 1 }] });
});

describe("the masks", () => {
  test.each<[what: string, found: Array<typeof LEFT>, asked: Array<typeof LEFT>, wanted: object[]]>([
    ["another order", [RIGHT, LEFT], [LEFT, RIGHT], [segmented("b1", LEFT), segmented("b2", RIGHT)]],
    ["one mask too few", [RIGHT], [LEFT, RIGHT], [{ id: "b1", ...NONE }, segmented("b2", RIGHT)]],
    ["masks of other things", [RIGHT, box(0, 0, 1, 1), LEFT], [LEFT], [segmented("b1", LEFT)]],
    ["a box inside a box", [INNER, LEFT], [LEFT, INNER], [segmented("b1", LEFT), segmented("b2", INNER)]],
    ["one mask for two boxes", [LEFT], [INNER, LEFT], [{ id: "b1", ...NONE }, segmented("b2", LEFT)]],
  ])("are matched to the boxes that they fit best when there is %s", async (_, found, asked, wanted) => {
    const { run } = await start({ masks: await Promise.all(found.map((set) => image(set))) });
    expect((await run(boxes(...asked))).masks).toEqual(wanted);
  });

  test("are returned in their own size", async () => {
    const half = { width: 10, height: 6 };
    const { run } = await start({ masks: [await image(box(0, 0, 4, 6), half)] });
    expect((await run(boxes(LEFT))).masks).toMatchObject([{ id: "b1", mask: maskOf(box(0, 0, 4, 6), half) }]);
  });

  test("are downloaded where they are links", async () => {
    const { url, files } = delivered(await maskPng(LEFT));
    const { run } = await start({ masks: [{ url }] }, { files });
    expect((await run(boxes(LEFT))).masks).toEqual([segmented("b1", LEFT)]);
    const { run: again } = await start({ masks: [{ url }] });
    await expect(again(boxes(LEFT))).rejects.toMatchObject({ code: "failed" });
  });

  test("have no score that is no probability", async () => {
    const { run } = await start({ masks: [await image(LEFT)], scores: [1.2] });
    expect((await run(boxes(LEFT))).masks[0]?.score).toBeNull();
  });
});

test.each<[what: string, masks: () => Promise<unknown>]>([
  ["the picture with the mask drawn on it", async () => [{ url: dataUrl(await greyPng(SENT, (x, y) => 60 + x + y)) }]],
  ["a JPEG", async () => [{ url: dataUrl(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "image/jpeg") }]],
  ["no picture", async () => [{ url: dataUrl(Uint8Array.of(1, 2, 3)) }]],
  ["masks of too many pixels", async () => [await image(LEFT, { width: 2_000, height: 2_000 })]],
  ["masks without an address", async () => [{ content_type: "image/png" }]],
  ["more masks than boxes of one call", async () => Array.from({ length: 26 }, () => ({ url: "data:," }))],
  ["null", async () => null],
])("throws an invalid_output for %s", async (_, masks) => {
  const { run } = await start({ masks: await masks() });
  await expect(run(boxes(LEFT))).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
});

test("throws failed when there is no mask, or none in any box", async () => {
  for (const masks of [[], [await image(RIGHT)]]) {
    const { run } = await start({ masks });
    await expect(run(boxes(LEFT))).rejects.toMatchObject({ code: "nothing_found" });
  }
});

test("reports a price for an answer that was lost after it had begun, and none for an error of the host", async () => {
  for (const [fault, expected] of [
    [{ kind: "cut" }, [{}]],
    [{ kind: "status", status: 500 }, []],
    [{ kind: "reset" }, []],
  ] as const) {
    const { run } = await start({ masks: [] }, { faults: [fault] });
    const spent: Usage[] = [];
    await expect(run(boxes(LEFT), { spent: (usage) => spent.push(usage) })).rejects.toMatchObject({
      name: "StageError",
    });
    expect(spent).toEqual(expected);
  }
});

test("sends no request when there is no box, and refuses a version", async () => {
  const { run, calls } = await start({ masks: [] });
  expect((await run({ ...boxes(), warm: true })).masks).toEqual([]);
  expect(await calls()).toEqual([]);
  await expect(startModel("segmentation", `fal:test/${MODEL}@1`, {})).rejects.toThrow("no version to pin");
});
