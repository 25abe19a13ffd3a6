import { expect, test } from "vitest";
import { startModel } from "../harness.ts";

/** The version that the model file knows (docs/reference/hosted-models.md, "Models"). */
const VERSION = "72ccb656353c348c1385df54b237eeb7bfa874bf11486cf0b9473e691b662d31";
const input = {
  image: "https://namesight.test/p",
  entities: [{ id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman in orange" }],
};
const start = (output: unknown) =>
  startModel("entailment", "replicate:test/lucataco/moondream2", { replies: { [`replicate ${VERSION}`]: [output] } });

test.each([
  [["", "Y", "es"], true, null],
  [["No", ", there is", " no woman."], false, null],
  [["It shows", " a cat"], null, "undecided"],
])("sends one question in one prediction, and reads %j as %s", async (output, visible, reason) => {
  const { run, calls } = await start(output);
  expect(await run(input)).toEqual({
    model: "lucataco/moondream2",
    version: VERSION,
    judgements: [{ id: "e1", visible, score: null, method: "moondream-query", calibrated: false, reason }],
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: { image: input.image, prompt: 'Can "a woman in orange" be seen in this picture? Answer yes or no.' },
  });
});

test.each([["Yes"], [{ answer: "Yes" }], [["Yes", null]], [[""]]])(
  "throws an invalid_output when the output is %j",
  async (output) => {
    const { run } = await start(output);
    await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
  },
);
