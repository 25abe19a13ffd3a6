import { describe, expect, test } from "vitest";
import { chatsOf, completion, failureOf } from "../chat-fixtures.ts";
import { scriptedAi, startModel } from "../harness.ts";

const IMAGE = "https://namesight.test/p";
const INPUT = {
  image: IMAGE,
  size: { width: 200, height: 100 },
  entities: [
    { id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman in orange" },
    { id: "e7", text: "NASA", type: "company", expression: "the blue badge" },
    { id: "e9", expression: "a cat" },
  ],
};
const MODEL = "gemini-2.5-flash";
const start = (...replies: readonly unknown[]) =>
  startModel("grounding", `openai:test/${MODEL}`, { replies: { [`chat ${MODEL}`]: replies } });
const boxes = (...list: readonly object[]) => completion(JSON.stringify({ boxes: list }));
const region = (xmin: number, ymin: number, xmax: number, ymax: number, method = "gemini") => ({
  box: { xmin, ymin, xmax, ymax },
  score: null,
  method,
});

test("asks about all entities in one question and reads boxes of thousandths, y before x", async () => {
  const { run, calls, model } = await start(
    boxes(
      { id: "2", box_2d: [0, 500, 250, 750] },
      { id: "1", box_2d: [300, 100, 800, 600] },
      { id: "1", box_2d: [0, 0, 1000, 1000] },
    ),
  );
  expect(model).toMatchObject({ promptVersion: "boxes-1", batch: 10 });
  expect(await run(INPUT)).toEqual({
    model: MODEL,
    version: "chat-model-2026-10-01",
    groundings: [
      { id: "e1", regions: [region(20, 30, 120, 80), region(0, 0, 200, 100)] },
      { id: "e7", regions: [region(100, 0, 150, 25)] },
      { id: "e9", regions: [] },
    ],
  });
  const [{ messages, response_format, ...asked } = { messages: [] }, ...more] = chatsOf(await calls());
  expect(more).toEqual([]);
  expect(asked).toEqual({ model: MODEL, max_tokens: 4_096 + 3 * 320, temperature: 0 });
  expect(response_format).toEqual({
    type: "json_schema",
    json_schema: {
      name: "boxes",
      strict: true,
      schema: {
        type: "object",
        properties: {
          boxes: {
            type: "array",
            items: {
              type: "object",
              properties: {
                id: { type: "string" },
                box_2d: { type: "array", items: { type: "number" }, minItems: 4, maxItems: 4 },
              },
              required: ["id", "box_2d"],
              additionalProperties: false,
            },
          },
        },
        required: ["boxes"],
        additionalProperties: false,
      },
    },
  });
  expect(messages[0]).toMatchObject({
    role: "system",
    content: expect.stringContaining('"box_2d": [y_min, x_min, y_max, x_max]'),
  });
  expect(messages.slice(1)).toEqual([
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: IMAGE } },
        {
          type: "text",
          text: [
            "Find these in the picture:",
            '- id "1", kind PER, name "Eileen Collins", description "a woman in orange"',
            '- id "2", kind ORG, name "NASA", description "the blue badge"',
            '- id "3", description "a cat"',
          ].join("\n"),
        },
      ],
    },
  ]);
});

describe("a reply in another form than asked for", () => {
  const [collins] = INPUT.entities;
  const one = { ...INPUT, entities: collins ? [collins] : [] };
  test.each([
    [
      "a list with labels in a code fence",
      '```json\n[{"box_2d": [300, 100, 800, 600], "label": "A woman in orange"}]\n```',
    ],
    [
      "an object between prose",
      'Here it is: {"boxes": [{"id": 1, "box_2d": [300, 100, 800, 600], "label": "woman"}]} Anything else?',
    ],
    ["another label, when one entity was asked about,", '[{"box_2d": [300, 100, 800, 600], "label": "astronaut"}]'],
    ["no label, when one entity was asked about,", '[{"box_2d": [300, 100, 800, 600]}]'],
    [
      "unknown fields",
      '{"boxes": [{"id": "1", "box_2d": [300, 100, 800, 600], "mask": "data:", "url": "https://evil.example"}]}',
    ],
    ["the same box forty times", JSON.stringify({ boxes: Array(40).fill({ id: "1", box_2d: [300, 100, 800, 600] }) })],
  ])("is read when it is %s", async (_, text) => {
    const { run } = await start(completion(text));
    expect((await run(one)).groundings).toEqual([{ id: "e1", regions: [region(20, 30, 120, 80)] }]);
  });

  test("is read when a label is an entity's name", async () => {
    const { run } = await start(completion('[{"box_2d": [300, 100, 800, 600], "label": "nasa"}]'));
    expect((await run(INPUT)).groundings.map(({ regions }) => regions.length)).toEqual([0, 1, 0]);
  });

  test.each([["[]"], ['{"boxes": []}'], ["```json\n[]\n```"]])("finds nothing when it is %s", async (text) => {
    const { run } = await start(completion(text));
    expect((await run(INPUT)).groundings.map(({ regions }) => regions)).toEqual([[], [], []]);
  });
});

describe("a box of no entity", () => {
  test.each([
    ["an unknown id", { id: "4", box_2d: [1, 2, 30, 40] }],
    ["the entity's id instead of its number", { id: "e1", box_2d: [1, 2, 30, 40] }],
    ["an unknown label", { label: "the president", box_2d: [1, 2, 30, 40] }],
    ["neither id nor label", { box_2d: [1, 2, 30, 40] }],
  ])("is an invalid_output when it has %s", async (_, item) => {
    const { run } = await start(boxes({ id: "1", box_2d: [300, 100, 800, 600] }, item));
    await expect(run(INPUT)).rejects.toMatchObject({ code: "invalid_output", retryable: false });
  });
});

test("throws an invalid_output when a box reaches far outside, and clamps a smaller excess", async () => {
  const { run } = await start(boxes({ id: "1", box_2d: [300, 100, 1_800, 1_600] }));
  await expect(run({ ...INPUT, size: { width: 2_048, height: 2_048 } })).rejects.toMatchObject({
    code: "invalid_output",
  });
  const drifted = await start(boxes({ id: "1", box_2d: [300, 100, 1_012, 600] }));
  expect((await drifted.run(INPUT)).groundings[0]?.regions).toEqual([region(20, 30, 120, 100)]);
});

/** The entities that are missing from it would look as if they were not in the picture. */
describe("a reply that was cut off", () => {
  const half = '{"boxes": [{"id": "1", "box_2d": [300, 100, 800, 600]}, {"id": "2", "box_2d": [300, 1';

  test("is truncated when it ends at the token limit", async () => {
    const { run } = await start(completion(half, { finish_reason: "length" }));
    await expect(run(INPUT)).rejects.toMatchObject({ code: "truncated", retryable: false });
  });

  test("is asked to be repaired once when the host says that it is complete", async () => {
    const { run, calls } = await start(completion(half));
    const { code, changes } = await failureOf(run(INPUT));
    expect(code).toBe("invalid_output");
    await expect(run(INPUT, { changes })).rejects.toMatchObject({ code: "invalid_output", changes: null });
    expect(chatsOf(await calls())[1]?.messages.slice(2)).toMatchObject([
      { role: "assistant", content: half },
      { role: "user" },
    ]);
  });

  test("is asked to be repaired when it is a list with complete boxes", async () => {
    const { run } = await start(
      completion('```json\n[{"box_2d": [300, 100, 800, 600], "label": "a woman in orange"}, {"box_2d": [1'),
    );
    await expect(run(INPUT)).rejects.toMatchObject({ code: "invalid_output", changes: { repair: {} } });
  });
});

test.each([
  ["a box of three numbers", boxes({ id: "1", box_2d: [300, 100, 800] }), "invalid_output"],
  ["a box of strings", boxes({ id: "1", box_2d: ["300", "100", "800", "600"] }), "invalid_output"],
  ["another model's key for the box", boxes({ id: "1", bbox_2d: [300, 100, 800, 600] }), "invalid_output"],
  ["prose", completion("I see a woman on the left."), "invalid_output"],
  ["a refusal", completion(null, {}, { refusal: "I cannot." }), "refused"],
  ["an empty text", completion(""), "unreadable"],
])("throws a StageError when the reply is %s", async (_, reply, code) => {
  const { run } = await start(reply);
  await expect(run(INPUT)).rejects.toMatchObject({ code });
});

test("reads the boxes of Gemma 4, in Gemini's form (huggingface/blog, gemma4.md), and refuses Gemma 3", async () => {
  const ai = scriptedAi(boxes({ id: "1", box_2d: [300, 100, 800, 600] }));
  const { run } = await startModel("grounding", "workers-ai/@cf/google/gemma-4-26b-a4b-it", {}, { ai });
  expect((await run(INPUT)).groundings[0]).toEqual({ id: "e1", regions: [region(20, 30, 120, 80, "gemma")] });
  expect(ai.asked[0]).toMatchObject({ model: "@cf/google/gemma-4-26b-a4b-it", input: { stream: false } });
  await expect(startModel("grounding", "workers-ai/@cf/google/gemma-3-12b-it", {}, { ai })).rejects.toThrow(
    "no grounding model",
  );
});
