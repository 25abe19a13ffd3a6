import { expect, test } from "vitest";
import { startModel } from "../harness.ts";

/** The version that the model file knows (docs/reference/hosted-models.md, "Models"). */
const VERSION = "da53547e17d45b9cfb48174b2f18af8b83ca020fa76db62136bf9c6616762595";
const input = { image: "https://namesight.test/p" };
const start = (output: unknown) =>
  startModel("caption", "replicate:test/lucataco/florence-2-large", {
    replies: { [`replicate ${VERSION}`]: [output] },
  });

test("sends one prediction and reads the caption from a Python literal", async () => {
  const { run, calls } = await start({
    text: `{'<MORE_DETAILED_CAPTION>': "The image shows a woman. The flag\\u2019s stripes are red."}`,
  });
  expect(await run(input)).toEqual({
    model: "lucataco/florence-2-large",
    version: VERSION,
    caption: "The image shows a woman. The flag’s stripes are red.",
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: { image: input.image, task_input: "More Detailed Caption" },
  });
});

test.each([
  ["a text that is no literal", { text: "The image shows a woman." }],
  ["code", { text: "{'<MORE_DETAILED_CAPTION>': str('a woman')}" }],
  ["another task's answer", { text: "{'<CAPTION>': 'A woman.'}" }],
  ["boxes", { text: "{'<MORE_DETAILED_CAPTION>': {'bboxes': [], 'labels': []}}" }],
  ["an empty caption", { text: "{'<MORE_DETAILED_CAPTION>': ''}" }],
  ["an unclosed literal", { text: "{'<MORE_DETAILED_CAPTION>': 'The image" }],
  ["an object without text", { img: "https://replicate.delivery/x.png" }],
  ["a string", "The image shows a woman."],
])("throws an invalid_output when the output is %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});
