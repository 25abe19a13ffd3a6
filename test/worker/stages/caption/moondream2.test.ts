import { expect, test } from "vitest";
import { startModel } from "../harness.ts";

/** The version that the model file knows (docs/reference/hosted-models.md, "Models"). */
const VERSION = "72ccb656353c348c1385df54b237eeb7bfa874bf11486cf0b9473e691b662d31";
const input = { image: "https://namesight.test/p" };
const start = (output: unknown) =>
  startModel("caption", "replicate:test/lucataco/moondream2", { replies: { [`replicate ${VERSION}`]: [output] } });

test("sends one prediction and joins the pieces of the caption", async () => {
  const { run, calls } = await start(["", "A wo", "man in an ", "orange suit. ", "A flag hangs", " behind her."]);
  expect(await run(input)).toEqual({
    model: "lucataco/moondream2",
    version: VERSION,
    caption: "A woman in an orange suit. A flag hangs behind her.",
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: {
      image: input.image,
      prompt:
        "Describe this picture in a few sentences: what it shows as a whole, then each person and thing that stands out.",
    },
  });
});

test.each([
  ["a string", "A woman."],
  ["an object", { text: "A woman." }],
  ["a list with a number", ["A woman", 5]],
  ["a list of empty strings", ["", " "]],
])("throws an invalid_output when the output is %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});

test("throws failed when the output is an empty list", async () => {
  const { run } = await start([]);
  await expect(run(input)).rejects.toMatchObject({ code: "failed" });
});
