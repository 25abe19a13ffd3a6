import { expect, test } from "vitest";
import { scriptedAi, startModel } from "../harness.ts";

/** An output of the task `detect` (docs/reference/hosted-models.md, "Workers AI"). */
const answer = (...objects: readonly object[]) => ({
  finish_reason: "stop",
  metrics: { input_tokens: 740, output_tokens: 8, prefill_time_ms: 20, decode_time_ms: 30, ttft_ms: 25 },
  objects,
});
const box = (x_min: number, y_min: number, x_max: number, y_max: number) => ({ x_min, y_min, x_max, y_max });
const input = {
  image: "https://namesight.test/p",
  size: { width: 200, height: 100 },
  entities: [{ id: "e1", text: "Collins", type: "PER", expression: "a woman\n in an orange\u202e suit" }],
};

async function start(...answers: readonly unknown[]) {
  const ai = scriptedAi(...answers);
  return { ai, ...(await startModel("grounding", "workers-ai/moondream3", {}, { ai })) };
}

test("sends one target in one run and reads boxes of shares", async () => {
  const { ai, run, model } = await start(answer(box(0.1, 0.3, 0.6, 0.8), box(0, 0, 1, 1)));
  expect(model).toMatchObject({ batch: 1, takesLinks: true, promptVersion: "1" });
  expect(await run(input)).toEqual({
    model: "@cf/moondream/moondream3.1-9B-A2B",
    version: "unversioned",
    groundings: [
      {
        id: "e1",
        regions: [
          { box: { xmin: 20, ymin: 30, xmax: 120, ymax: 80 }, score: null, method: "moondream-detect" },
          { box: { xmin: 0, ymin: 0, xmax: 200, ymax: 100 }, score: null, method: "moondream-detect" },
        ],
      },
    ],
  });
  expect(ai.asked).toEqual([
    {
      model: "@cf/moondream/moondream3.1-9B-A2B",
      input: {
        task: "detect",
        image: input.image,
        target: "a woman in an orange suit",
        max_objects: 20,
        reasoning: false,
        stream: false,
        temperature: 0,
      },
    },
  ]);
});

test("returns no region when nothing is found", async () => {
  const { run } = await start(answer());
  expect((await run(input)).groundings).toEqual([{ id: "e1", regions: [] }]);
});

test("clamps a box when it reaches outside the picture by less than 5 percent", async () => {
  const { run } = await start(answer(box(-0.004, 0.2, 0.3, 1.006)));
  expect((await run(input)).groundings[0]?.regions).toMatchObject([
    { box: { xmin: 0, ymin: 20, xmax: 60, ymax: 100 } },
  ]);
});

test.each([
  ["pixels", box(20, 30, 120, 80)],
  ["thousandths", box(100, 300, 600, 800)],
  ["shares above 1", box(0.5, 0.5, 1.2, 0.9)],
  ["negative shares", box(-0.3, 0.5, 0.2, 0.9)],
])("throws an invalid_output when one of the boxes is in %s", async (_, wrong) => {
  const { run } = await start(answer(box(0.1, 0.3, 0.6, 0.8), wrong));
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});

test.each([
  ["without objects", { finish_reason: "stop", metrics: {} }],
  ["points", { finish_reason: "stop", points: [{ x: 0.5, y: 0.5 }] }],
  ["corners with other names", { objects: [{ xmin: 0.1, ymin: 0.1, xmax: 0.2, ymax: 0.2 }] }],
  ["a corner as text", { objects: [{ ...box(0, 0, 1, 1), x_max: "1" }] }],
  ["a string", "a woman"],
  ["null", null],
])("throws an invalid_output when the output is %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});

test("throws a retryable busy when the binding is out of capacity, and rejected when the input is invalid", async () => {
  const { run } = await start(
    new Error("3040: out of capacity"),
    new Error("5006: must have required property 'target'"),
  );
  await expect(run(input)).rejects.toMatchObject({ code: "busy", retryable: true });
  await expect(run(input)).rejects.toMatchObject({ code: "rejected", retryable: false });
});

test("serves its catalogue name; refuses another name, a version, and a Worker without the binding", async () => {
  const ai = scriptedAi(answer());
  const entry = "workers-ai/@cf/moondream/moondream3.1-9B-A2B";
  expect((await startModel("grounding", entry, {}, { ai })).model.entry).toBe(entry);
  await expect(startModel("grounding", "workers-ai/moondream", {}, { ai })).rejects.toThrow(
    "no grounding model has this name",
  );
  await expect(startModel("grounding", "workers-ai/moondream3@1", {}, { ai })).rejects.toThrow("no version to pin");
  await expect(startModel("grounding", "workers-ai/moondream3", {}, { ai: null })).rejects.toThrow(
    "no binding called AI",
  );
});
