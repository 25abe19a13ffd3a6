import { describe, expect, test } from "vitest";
import { startModel } from "../harness.ts";
import { box, boxes, countsOf, delivered, IMAGE, maskOf, SENT, VERSION } from "../mask-fixtures.ts";

const ENTRY = `replicate:test/zf-kbot/md-me-sam3@${VERSION}`;
const start = (output: unknown, files = {}) =>
  startModel("segmentation", ENTRY, { replies: { [`replicate ${VERSION}`]: [output] }, files });
const [LEFT, RIGHT, INNER] = [box(1, 1, 7, 11), box(12, 3, 18, 9), box(3, 4, 5, 6)];
const coco = (set: typeof LEFT, more = {}) => ({ size: [SENT.height, SENT.width], counts: countsOf(set), ...more });
/** Start and length of each run, along rows, counted from 0. */
const starts = ({ xmin, ymin, xmax, ymax }: typeof LEFT) =>
  Array.from({ length: ymax - ymin }, (_, row) => [(ymin + row) * SENT.width + xmin, xmax - xmin]).flat();
const segmented = (id: string, set: typeof LEFT, score: number | null = null) => ({
  id,
  mask: maskOf(set),
  score,
  method: "sam3",
  reason: null,
});
const NONE = { mask: null, score: null, method: null, reason: "no mask overlaps this box" };

test("sends all boxes in one prediction and reads the masks", async () => {
  const { run, calls, model } = await start({ masks: [coco(LEFT, { score: 0.9 }), coco(RIGHT)] });
  expect(model).toMatchObject({ batch: Number.POSITIVE_INFINITY, takesLinks: true, promptVersion: `1@${VERSION}` });
  expect(model.warms).toBeUndefined();
  expect(await run(boxes(LEFT, { ...RIGHT, xmin: 11.5 }))).toEqual({
    model: "zf-kbot/md-me-sam3",
    version: VERSION,
    masks: [segmented("b1", LEFT, 0.9), segmented("b2", RIGHT)],
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: { image: IMAGE, prompt_type: "box", boxes: "[[1,1,7,11],[11.5,3,18,9]]", output_format: "rle" },
  });
});

test("is refused without a version, and takes one or a deployment", async () => {
  await expect(startModel("segmentation", "replicate:test/zf-kbot/md-me-sam3", {})).rejects.toThrow(
    /must pin a version.*sam3@/,
  );
  const { model } = await startModel("segmentation", "replicate:test/zf-kbot/md-me-sam3@deployments/me/sam3", {});
  expect(model.promptVersion).toBe("1@deployments/me/sam3");
});

/** The model's form of RLE is not published (docs/reference/hosted-models.md, "Masks"). */
describe("a mask", () => {
  const forms: ReadonlyArray<[what: string, output: unknown]> = [
    ["COCO's RLE with counts as numbers", coco(LEFT)],
    ["COCO's RLE, compressed", maskOf(LEFT)],
    ["a list of COCO's RLE", [coco(LEFT)]],
    ["an object with COCO's RLE", { rle: coco(LEFT) }],
    ["an object with a list of COCO's RLE", { rle: [coco(LEFT)] }],
    ["a list of objects with COCO's RLE", [{ rle: coco(LEFT) }]],
    ["pairs of start and length", starts(LEFT)],
    ["a list of pairs", { masks: [starts(LEFT)] }],
    ["an object with pairs", { rle: starts(LEFT) }],
    ["pairs as text", starts(LEFT).join(" ")],
    ["a list of pairs as text with commas", [starts(LEFT).join(", ")]],
    ["JSON as text", JSON.stringify([coco(LEFT)])],
  ];

  test.each(forms)("is read from %s", async (_, output) => {
    const { run } = await start(output);
    expect((await run(boxes(LEFT))).masks).toEqual([segmented("b1", LEFT)]);
  });

  test("is read from pairs along columns, or counted from 1, that agree with the box", async () => {
    const { run } = await start(starts(LEFT).map((number, index) => number + ((index + 1) % 2)));
    expect((await run(boxes(LEFT))).masks[0]?.mask).toEqual(maskOf(LEFT));
    const columns = Array.from({ length: 6 }, (_, column) => [(1 + column) * SENT.height + 1, 10]).flat();
    const { run: again } = await start(columns);
    expect((await again(boxes(LEFT))).masks[0]?.mask).toEqual(maskOf(LEFT));
  });

  test("is read from a JSON file, alone or in a list of one", async () => {
    const file = delivered(
      new TextEncoder().encode(JSON.stringify({ masks: [coco(LEFT)] })),
      "rle.json",
      "application/json",
    );
    for (const output of [file.url, [file.url]]) {
      const { run } = await start(output, file.files);
      expect((await run(boxes(LEFT))).masks).toEqual([segmented("b1", LEFT)]);
    }
    const { run } = await start(file.url);
    await expect(run(boxes(LEFT))).rejects.toMatchObject({ code: "failed" });
  });
});

describe("the masks", () => {
  test.each<[what: string, found: object[], asked: Array<typeof LEFT>, wanted: object[]]>([
    ["another order", [coco(RIGHT), coco(LEFT)], [LEFT, RIGHT], [segmented("b1", LEFT), segmented("b2", RIGHT)]],
    ["one mask too few", [coco(RIGHT)], [LEFT, RIGHT], [{ id: "b1", ...NONE }, segmented("b2", RIGHT)]],
    [
      "other objects of the same kind",
      [coco(RIGHT), coco(box(0, 0, 1, 1)), coco(LEFT)],
      [LEFT],
      [segmented("b1", LEFT)],
    ],
    ["a box inside a box", [coco(INNER), coco(LEFT)], [LEFT, INNER], [segmented("b1", LEFT), segmented("b2", INNER)]],
    ["one mask for two boxes", [coco(LEFT)], [INNER, LEFT], [{ id: "b1", ...NONE }, segmented("b2", LEFT)]],
    [
      "the same box twice",
      [coco(LEFT, { score: 0.2 }), coco(LEFT)],
      [LEFT, LEFT],
      [segmented("b1", LEFT, 0.2), segmented("b2", LEFT)],
    ],
    [
      "an empty mask",
      [{ size: [12, 20], counts: [240] }, coco(RIGHT)],
      [LEFT, RIGHT],
      [{ id: "b1", ...NONE }, segmented("b2", RIGHT)],
    ],
  ])("are at most one a box, the best, when there is %s", async (_, found, asked, wanted) => {
    const { run } = await start({ masks: found });
    expect((await run(boxes(...asked))).masks).toEqual(wanted);
  });

  test("are assigned in the picture's frame, and returned as they are, when their size is another", async () => {
    const half = { width: 10, height: 6 };
    const small = (set: typeof LEFT) => ({ size: [6, 10], counts: countsOf(set, half) });
    const { run } = await start([small(box(6, 2, 9, 5)), small(box(0, 0, 4, 6))]);
    expect((await run(boxes(LEFT, RIGHT))).masks).toMatchObject([
      { id: "b1", mask: maskOf(box(0, 0, 4, 6), half) },
      { id: "b2", mask: maskOf(box(6, 2, 9, 5), half) },
    ]);
  });

  test.each([
    [0, 0],
    [1, 1],
    [1.02, null],
    [-0.1, null],
    [null, null],
  ])("have for the score %s the score %s", async (said, score) => {
    const { run } = await start([coco(LEFT, { score: said })]);
    expect((await run(boxes(LEFT))).masks[0]?.score).toBe(score);
  });
});

describe("an output of another form", () => {
  test.each<[what: string, output: unknown]>([
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"><path d="M1 1h6v10h-6z"/></svg>'],
    ["counts without a size", countsOf(LEFT)],
    ["numbers that may be counts or pairs", [100, 10, 120, 10]],
    ["counts that do not fill their size", { size: [12, 20], counts: [5, 6, 7] }],
    ["invalid compressed counts", { size: [12, 20], counts: "~~~" }],
    ["negative counts", { size: [12, 20], counts: [250, -10] }],
    ["pairs outside the picture", [230, 30]],
    ["overlapping pairs", [10, 5, 12, 5]],
    ["an incomplete pair", [10, 5, 12]],
    ["text without numbers", " , "],
    ["a polygon", { masks: [{ polygon: [1, 1, 7, 1, 7, 11] }] }],
    ["a list of files", ["https://replicate.delivery/1.json", "https://replicate.delivery/2.json"]],
    ["a number", 7],
    ["masks as an object", { masks: { a: coco(LEFT) } }],
    ["truncated JSON", '{"masks": ['],
  ])("is an invalid_output when it is %s", async (_, output) => {
    const { run } = await start(output);
    await expect(run(boxes(LEFT))).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
  });

  test.each<[output: unknown, code: string]>([
    [{ masks: [] }, "nothing_found"],
    // No output at all.
    [[], "failed"],
    [[coco(RIGHT)], "nothing_found"],
    [[{ size: [12, 20], counts: [240] }], "nothing_found"],
  ])("%j, in which no box has a mask, is %s", async (output, code) => {
    const { run } = await start(output);
    await expect(run(boxes(LEFT))).rejects.toMatchObject({ name: "StageError", code });
  });

  test("is refused when its pairs lie outside the picture's size", async () => {
    const { run } = await start([{ rle: "0 3 239 4" }]);
    await expect(run(boxes(LEFT))).rejects.toMatchObject({ code: "invalid_output" });
  });
});

test("sends no request when there is no box", async () => {
  const { run, calls } = await start("unused");
  expect(await run({ ...boxes(), warm: true })).toEqual({ model: "zf-kbot/md-me-sam3", version: VERSION, masks: [] });
  expect(await calls()).toEqual([]);
});
