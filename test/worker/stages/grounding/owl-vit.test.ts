import { describe, expect, test } from "vitest";
import { startModel } from "../harness.ts";

/** The version that the model file knows (docs/reference/hosted-models.md, "Models"). */
const VERSION = "5e899f155a1913c4b7304d09082d842ca7fe6cb1f22e066c83eb1d7849dc37c2";
const size = { width: 200, height: 100 };
const image = "https://namesight.test/p";
const start = (output: unknown) =>
  startModel("grounding", "replicate:test/adirik/owlvit-base-patch32", {
    replies: { [`replicate ${VERSION}`]: [output] },
  });
/** The model's output (docs/reference/hosted-models.md, "Models"). */
const found = (...objects: ReadonlyArray<readonly [label: string, confidence: number, bbox: readonly number[]]>) => ({
  json_data: { objects: objects.map(([label, confidence, bbox]) => ({ bbox, label, confidence })) },
  result_image: null,
});
const person = { id: "e1", text: "Collins", type: "PER", expression: "A woman, in orange" };
const flag = { id: "e2", text: "NASA", type: "ORG", expression: "the blue badge" };

test("sends all phrases in one prediction and assigns the boxes by their labels", async () => {
  const { run, calls, model } = await start(
    found(
      ["the blue badge", 0.2, [5, 6, 20, 30]],
      ["a woman in orange", 0.3, [-7, -2, 90, 70]],
      ["A woman in orange", 0.6, [10, 20, 260, 90]],
    ),
  );
  expect(model).toMatchObject({ batch: 8, takesLinks: true });
  expect(await run({ image, size, entities: [person, flag, { id: "e3", expression: "a cat" }] })).toEqual({
    model: "adirik/owlvit-base-patch32",
    version: VERSION,
    groundings: [
      {
        id: "e1",
        regions: [
          { box: { xmin: 10, ymin: 20, xmax: 200, ymax: 90 }, score: 0.6, method: "owl-vit" },
          { box: { xmin: 0, ymin: 0, xmax: 90, ymax: 70 }, score: 0.3, method: "owl-vit" },
        ],
      },
      { id: "e2", regions: [{ box: { xmin: 5, ymin: 6, xmax: 20, ymax: 30 }, score: 0.2, method: "owl-vit" }] },
      { id: "e3", regions: [] },
    ],
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: { image, query: "A woman in orange,the blue badge,a cat", threshold: 0.1 },
  });
});

test("sends an expression once when two entities share it, and gives both its boxes", async () => {
  const { run, calls } = await start(found(["a woman in orange", 0.5, [1, 2, 30, 40]]));
  const twin = { id: "e2", text: "Eileen", type: "PER", expression: "a woman in orange" };
  const { groundings } = await run({ image, size, entities: [person, twin] });
  expect(groundings.map(({ id, regions }) => [id, regions.length])).toEqual([
    ["e1", 1],
    ["e2", 1],
  ]);
  expect((await calls())[0]?.body).toMatchObject({ input: { query: "a woman in orange" } });
});

test("sends ten words when the expression has more, as the encoder takes 16 tokens", async () => {
  const { run, calls } = await start(found(["one two three four five six seven eight nine ten", 0.5, [1, 2, 30, 40]]));
  const expression = "one two three four five six seven eight nine ten eleven twelve";
  expect((await run({ image, size, entities: [{ id: "e1", expression }] })).groundings[0]?.regions).toHaveLength(1);
  expect((await calls())[0]?.body).toMatchObject({
    input: { query: "one two three four five six seven eight nine ten" },
  });
});

test("returns no region when nothing is found", async () => {
  const { run } = await start(found());
  expect((await run({ image, size, entities: [person, flag] })).groundings).toEqual([
    { id: "e1", regions: [] },
    { id: "e2", regions: [] },
  ]);
});

describe("an output", () => {
  test.each([
    [
      "a label that was not asked for",
      found(["a woman in orange", 0.5, [1, 2, 30, 40]], ["a dog", 0.5, [1, 2, 30, 40]]),
    ],
    ["a score above 1", found(["a woman in orange", 1.5, [1, 2, 30, 40]])],
    ["no objects", { json_data: {} }],
    ["objects as a string", { json_data: '{"objects": []}' }],
    ["a list instead of an object", [{ bbox: [1, 2, 3, 4], label: "a woman in orange", confidence: 0.5 }]],
  ])("is an invalid_output when it has %s", async (_, output) => {
    const { run } = await start(output);
    await expect(run({ image, size, entities: [person] })).rejects.toMatchObject({ code: "invalid_output" });
  });
});
