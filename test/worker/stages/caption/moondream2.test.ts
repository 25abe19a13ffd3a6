import { expect, test } from "vitest";
import { startModel } from "../harness.ts";

/** hosted-apis, appendix. */
const VERSION = "72ccb656353c348c1385df54b237eeb7bfa874bf11486cf0b9473e691b662d31";
const input = { image: "https://namesight.test/p" };
const start = (output: unknown) =>
  startModel("caption", "replicate:test/lucataco/moondream2", { replies: { [`replicate ${VERSION}`]: [output] } });

test("what it is asked, and the pieces of its text become one (hosted-apis section 3.1)", async () => {
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
  ["a whole string", "A woman."],
  ["an object", { text: "A woman." }],
  ["pieces that are none", ["A woman", 5]],
  ["empty pieces", ["", " "]],
])("%s is another form than its schema's, or no caption", async (_, output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});

test("no piece at all is a success without an output (hosted-apis section 6)", async () => {
  const { run } = await start([]);
  await expect(run(input)).rejects.toMatchObject({ code: "failed" });
});
