import { expect, test } from "vitest";
import { scriptedAi, startModel } from "../harness.ts";

const input = { image: "https://namesight.test/p", size: { width: 200, height: 100 } };

async function start(answer: unknown) {
  const ai = scriptedAi(answer);
  return { ai, ...(await startModel("caption", "workers-ai/moondream3", {}, { ai })) };
}

test("sends one run and returns the caption as one paragraph of plain words", async () => {
  const answer = {
    finish_reason: "stop",
    metrics: { input_tokens: 740, output_tokens: 30 },
    caption: "A woman in an orange suit\nsmiles. Behind her hangs a **flag**.",
  };
  const { ai, run, model } = await start(answer);
  expect(model.takesLinks).toBe(true);
  expect(await run(input)).toEqual({
    model: "@cf/moondream/moondream3.1-9B-A2B",
    version: "unversioned",
    caption: "A woman in an orange suit smiles. Behind her hangs a flag.",
  });
  expect(ai.asked).toEqual([
    {
      model: "@cf/moondream/moondream3.1-9B-A2B",
      input: {
        task: "caption",
        image: input.image,
        caption_length: "normal",
        max_tokens: 512,
        reasoning: false,
        stream: false,
        temperature: 0,
      },
    },
  ]);
});

test("leaves out a sentence when it has an address", async () => {
  const { run } = await start({ caption: "A poster. It says www.evil.example. A man reads it." });
  expect((await run(input)).caption).toBe("A poster. A man reads it.");
});

test.each([
  ["without a caption", { finish_reason: "stop", answer: "A woman." }],
  ["an empty caption", { caption: " " }],
  ["an object as the caption", { caption: {} }],
  ["markup alone", { caption: "<b>A woman</b>" }],
  ["null", null],
])("throws an invalid_output when the output is %s", async (_, answer) => {
  const { run } = await start(answer);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});
