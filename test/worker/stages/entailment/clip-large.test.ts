import { expect, test } from "vitest";
import { startModel } from "../harness.ts";

/** The version that the model file knows (docs/reference/hosted-models.md, "Models"). */
const VERSION = "566ab1f111e526640c5154e712d4d54961414278f89d36590f1425badc763ecb";
const ENTRY = "replicate:test/cjwbw/clip-vit-large-patch14";
const input = {
  image: "https://namesight.test/p",
  entities: [{ id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman | two dogs $& in orange" }],
};
const start = (output: unknown, calibrations = new Map<string, { slope: number; intercept: number }>()) =>
  startModel("entailment", ENTRY, { replies: { [`replicate ${VERSION}`]: [output] } }, { calibrations });

test("sends the expression without its bars against the neutral text, and reads the shares", async () => {
  const { run, calls, model } = await start([0.9756044149398804, 0.024395585060119629]);
  expect(model).toMatchObject({ batch: 1, takesLinks: true, promptVersion: `clip-1@${VERSION}` });
  expect(await run(input)).toEqual({
    model: "cjwbw/clip-vit-large-patch14",
    version: VERSION,
    judgements: [
      { id: "e1", visible: true, score: 0.9756044149398804, method: "clip-zero-shot", calibrated: false, reason: null },
    ],
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: { image: input.image, text: "a photo of a woman two dogs $& in orange. | a photo of something else." },
  });
});

test("answers no when the expression's share is below one half", async () => {
  const { run } = await start([0.4, 0.6]);
  expect((await run(input)).judgements[0]).toMatchObject({ visible: false, score: 0.4 });
});

test("calibrates the score when constants were fitted for the entry and prompt (Platt, 1999)", async () => {
  const { run } = await start([0.75, 0.25], new Map([[`${ENTRY}#clip-1`, { slope: 1, intercept: -2 }]]));
  expect((await run(input)).judgements[0]).toMatchObject({
    visible: false,
    score: expect.closeTo(3 / (3 + Math.exp(2)), 9),
    calibrated: true,
  });
});

test.each([
  [[0.9]],
  [[0.5, 0.3, 0.2]],
  [[[0.9, 0.1]]],
  [["0.9", "0.1"]],
  [{ "0": 0.9, "1": 0.1 }],
  [[1.5, -0.5]],
  ["0.9"],
])("throws an invalid_output when the output is %j", async (output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});
