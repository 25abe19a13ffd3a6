import { describe, expect, test } from "vitest";
import { polygonsOfRle } from "../../../../schemas/polygon.ts";
import type { Usage } from "../../../../src/providers/usage.ts";
import { dataUrl } from "../../../support/png.ts";
import { startModel } from "../harness.ts";
import { box, boxes, countsOf, IMAGE, maskOf, SENT } from "../mask-fixtures.ts";

const start = (...answers: unknown[]) =>
  startModel("segmentation", "roboflow:test/sam3", { replies: { "roboflow sam3": answers } });
const [LEFT, RIGHT] = [box(1, 1, 7, 11), box(12, 3, 18, 9)];
const rle = (set: typeof LEFT, confidence: unknown = 0.9) => ({
  masks: { size: [SENT.height, SENT.width], counts: countsOf(set) },
  confidence,
  format: "rle",
});
const answer = (...predictions: unknown[]) => ({ predictions, time: 0.42 });
const segmented = (id: string, set: typeof LEFT, score: number | null = 0.9) => ({
  id,
  mask: maskOf(set),
  score,
  method: "sam3",
  reason: null,
});
const NONE = { mask: null, score: null, method: null, reason: "no mask overlaps this box" };

test("sends all boxes in one request, as middle and sides in whole pixels, and reads the masks", async () => {
  const { run, calls, model } = await start(answer(rle(LEFT), rle(RIGHT, 0.5)));
  expect(model).toMatchObject({ batch: Number.POSITIVE_INFINITY, takesLinks: true, promptVersion: "1" });
  const spent: Usage[] = [];
  const input = boxes(LEFT, { ...RIGHT, xmin: 11.5, xmax: 99 });
  expect(await run(input, { spent: (usage) => spent.push(usage) })).toEqual({
    model: "sam3",
    version: "unversioned",
    masks: [segmented("b1", LEFT), segmented("b2", RIGHT, 0.5)],
  });
  expect(spent).toEqual([{ seconds: 0.42 }]);
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ search: "", headers: { authorization: "Bearer t0ken" } });
  expect(call?.body).toEqual({
    image: { type: "url", value: IMAGE },
    prompts: {
      prompts: [{ box: { x: 4, y: 6, width: 6, height: 10 } }, { box: { x: 15.5, y: 6, width: 9, height: 6 } }],
    },
    format: "rle",
    multimask_output: false,
  });
});

test("sends a picture without a link as base64", async () => {
  const { run, calls } = await start(answer(rle(LEFT)));
  await run({ ...boxes(LEFT), image: dataUrl(Uint8Array.of(1, 2, 3)) });
  expect((await calls())[0]?.body).toMatchObject({ image: { type: "base64", value: "AQID" } });
});

test("counts at least a tenth of a second, and no known time where none is told", async () => {
  const spent: Usage[] = [];
  const { run } = await start({ ...answer(rle(LEFT)), time: 0.01 }, { predictions: [rle(LEFT)] });
  await run(boxes(LEFT), { spent: (usage) => spent.push(usage) });
  await run(boxes(LEFT), { spent: (usage) => spent.push(usage) });
  expect(spent).toEqual([{ seconds: 0.1 }, {}]);
});

describe("the masks", () => {
  test.each<[what: string, output: unknown]>([
    ["compressed RLE", answer({ ...rle(LEFT), masks: maskOf(LEFT) })],
    ["polygons", answer({ ...rle(LEFT), masks: pairs(LEFT), format: "polygon" })],
    ["the older form", { prompt_results: [{ prompt_index: 0, predictions: [rle(LEFT)] }], time: 0.1 }],
  ])("are read from %s", async (_, output) => {
    const { run } = await start(output);
    expect((await run(boxes(LEFT))).masks).toEqual([segmented("b1", LEFT)]);
  });

  test.each<[what: string, found: object[], wanted: object[]]>([
    ["another order", [rle(RIGHT), rle(LEFT)], [segmented("b1", LEFT), segmented("b2", RIGHT)]],
    ["one too few", [rle(RIGHT)], [{ id: "b1", ...NONE }, segmented("b2", RIGHT)]],
    ["one too many", [rle(LEFT), rle(box(0, 0, 1, 1)), rle(RIGHT)], [segmented("b1", LEFT), segmented("b2", RIGHT)]],
    ["no score", [rle(LEFT, null), rle(RIGHT, 1.5)], [segmented("b1", LEFT, null), segmented("b2", RIGHT, null)]],
  ])("are matched to their boxes when there is %s", async (_, found, wanted) => {
    const { run } = await start(answer(...found));
    expect((await run(boxes(LEFT, RIGHT))).masks).toEqual(wanted);
  });
});

test.each<[what: string, output: unknown]>([
  ["no predictions", { time: 1 }],
  ["counts that do not fill their size", answer({ masks: { size: [12, 20], counts: [5, 6] } })],
  ["more pixels than a picture may have", answer({ masks: { size: [60_000, 60_000], counts: [3_600_000_000] } })],
  ["corners as text", answer({ masks: [[["1", "2"]]] })],
  ["more masks than could be asked for", answer(...Array.from({ length: 76 }, () => rle(LEFT)))],
  ["a string", "mask"],
])("throws an invalid_output for %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run(boxes(LEFT))).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
});

test.each([[answer()], [answer(rle(RIGHT))], [answer({ ...rle(LEFT), masks: [] })]])(
  "throws failed when no box has a mask: %#",
  async (output) => {
    const { run } = await start(output);
    await expect(run(boxes(LEFT))).rejects.toMatchObject({ code: "nothing_found" });
  },
);

/** The outline as Roboflow writes polygons: lists of pairs. */
function pairs(set: typeof LEFT): [number, number][][] {
  return polygonsOfRle(maskOf(set))
    .polygons.flat()
    .map((ring) =>
      Array.from({ length: ring.length / 2 }, (_, corner) => [ring[2 * corner] ?? 0, ring[2 * corner + 1] ?? 0]),
    );
}
