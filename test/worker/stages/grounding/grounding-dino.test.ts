import { expect, test } from "vitest";
import { startModel } from "../harness.ts";

const VERSION = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
const input = {
  image: "https://namesight.test/p",
  size: { width: 200, height: 100 },
  entities: [{ id: "e1", text: "Collins", type: "PER", expression: "a woman, in orange. With\na\u200b flag" }],
};

test("sends one phrase in one prediction and reads the boxes, best first", async () => {
  const output = {
    detections: [
      { bbox: [10, 20, 60, 90], label: "a woman", confidence: 0.31 },
      { bbox: [-3, 5, 120, 99], label: "a woman", confidence: 0.82 },
      { bbox: [500, 5, 900, 99], label: "a woman", confidence: 0.4 },
    ],
    result_image: null,
  };
  const { run, calls } = await startModel("grounding", "replicate:test/adirik/grounding-dino", {
    replies: { [`replicate ${VERSION}`]: [output] },
  });
  expect(await run(input)).toEqual({
    model: "adirik/grounding-dino",
    version: VERSION,
    groundings: [
      {
        id: "e1",
        regions: [
          { box: { xmin: 0, ymin: 5, xmax: 120, ymax: 99 }, score: 0.82, method: "grounding-dino" },
          { box: { xmin: 10, ymin: 20, xmax: 60, ymax: 90 }, score: 0.31, method: "grounding-dino" },
        ],
      },
    ],
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: {
      image: input.image,
      query: "a woman in orange With a flag",
      box_threshold: 0.25,
      text_threshold: 0.25,
      show_visualisation: false,
    },
  });
});

test.each([[{ detections: "none" }], ["text"], [{}]])(
  "throws an invalid_output when the output is %j",
  async (output) => {
    const { run } = await startModel("grounding", "replicate:test/adirik/grounding-dino", {
      replies: { [`replicate ${VERSION}`]: [output] },
    });
    await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
  },
);

test("returns no region when nothing is found", async () => {
  const { run } = await startModel("grounding", "replicate:test/adirik/grounding-dino", {
    replies: { [`replicate ${VERSION}`]: [{ detections: [] }] },
  });
  expect((await run(input)).groundings).toEqual([{ id: "e1", regions: [] }]);
});

test("sends the name when the expression has no words, and nothing when there is no name either", async () => {
  const { run, calls } = await startModel("grounding", "replicate:test/adirik/grounding-dino", {
    replies: { [`replicate ${VERSION}`]: [{ detections: [] }] },
  });
  await run({ ...input, entities: [{ id: "e1", text: "Collins", expression: " ,. " }] });
  await expect(run({ ...input, entities: [{ id: "e1", expression: ",\u0000" }] })).rejects.toMatchObject({
    code: "rejected",
  });
  expect((await calls()).map(({ body }) => (body as { input: { query: string } }).input.query)).toEqual(["Collins"]);
});
