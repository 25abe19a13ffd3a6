import { describe, expect, test } from "vitest";
import { resizedSize } from "../../../../src/stages/grounding/qwen-vl.ts";
import { chatsOf, completion } from "../chat-fixtures.ts";
import { startModel } from "../harness.ts";

const IMAGE = "https://namesight.test/p";
const INPUT = {
  image: IMAGE,
  size: { width: 200, height: 100 },
  entities: [
    { id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman in orange" },
    { id: "e2", text: "NASA", type: "ORG", expression: "the blue badge" },
  ],
};
const start = (model: string, ...replies: readonly unknown[]) =>
  startModel("grounding", `openai:test/${model}`, { replies: { [`chat ${model.replace(/@.*/, "")}`]: replies } });
const boxes = (...list: readonly object[]) => completion(JSON.stringify({ boxes: list }));

/** The units that the prompt names. */
async function unitsTold({ calls }: Awaited<ReturnType<typeof start>>): Promise<string> {
  const [{ messages } = { messages: [] }] = chatsOf(await calls());
  return /The numbers are (.*)\.$/s.exec(String(messages[0]?.content))?.[1] ?? "";
}

test("asks Qwen3-VL about all entities in one question and reads boxes of thousandths", async () => {
  const started = await start("Qwen/Qwen3-VL-8B-Instruct", boxes({ id: "1", bbox_2d: [100, 300, 600, 800] }));
  const { run, calls, model } = started;
  expect(model).toMatchObject({ promptVersion: "boxes-1", batch: 10 });
  expect(await run(INPUT)).toEqual({
    model: "Qwen/Qwen3-VL-8B-Instruct",
    version: "chat-model-2026-10-01",
    groundings: [
      { id: "e1", regions: [{ box: { xmin: 20, ymin: 30, xmax: 120, ymax: 80 }, score: null, method: "qwen-vl" }] },
      { id: "e2", regions: [] },
    ],
  });
  const [{ messages, response_format } = { messages: [] }, ...more] = chatsOf(await calls());
  expect(more).toEqual([]);
  expect(JSON.stringify(response_format)).toContain('"required":["id","bbox_2d"]');
  expect(messages[0]?.content).toContain('"bbox_2d": [x_min, y_min, x_max, y_max]');
  expect(messages[1]).toMatchObject({
    role: "user",
    content: [{ type: "image_url", image_url: { url: IMAGE } }, { type: "text" }],
  });
  expect(await unitsTold(started)).toBe(
    "thousandths of the picture's width and height, from 0 at its top left to 1000",
  );
});

test("reads a list with labels in a code fence, as Qwen's cookbook shows it", async () => {
  const { run } = await start(
    "qwen3-vl:8b",
    completion('```json\n[\n\t{"bbox_2d": [100, 300, 600, 800], "label": "the blue badge"}\n]\n```'),
  );
  expect((await run(INPUT)).groundings).toMatchObject([
    { id: "e1", regions: [] },
    { id: "e2", regions: [{ box: { xmin: 20 } }] },
  ]);
});

describe("the convention of boxes", () => {
  const thousandths = [100, 300, 600, 800];
  // The model resizes 200 by 100 to 196 by 112: 7 by 4 tokens of 28 pixels.
  const pixels = [19.6, 33.6, 117.6, 89.6];
  test.each([
    ["qwen/qwen3-vl-30b-a3b-instruct", thousandths],
    ["Qwen3VL-8B-Instruct-Q4_K_M", thousandths],
    ["Qwen/Qwen2-VL-7B-Instruct", thousandths],
    ["qwen2.5vl:7b", pixels],
    ["Qwen/Qwen2.5-VL-72B-Instruct", pixels],
    ["qwen/qwen-2.5-vl-7b-instruct", pixels],
    ["qwen2_5_vl", pixels],
  ])("follows from the model's name: %s", async (name, bbox_2d) => {
    const { run } = await start(name, boxes({ id: "1", bbox_2d }));
    const close = (side: number) => expect.closeTo(side, 6);
    expect((await run(INPUT)).groundings[0]?.regions[0]?.box).toEqual({
      xmin: close(20),
      ymin: close(30),
      xmax: close(120),
      ymax: close(80),
    });
  });

  test.each(["qwen-vl-max", "qwen4-vl-8b"])("is refused as unknown when the model's name is %s", async (name) => {
    await expect(start(name)).rejects.toThrow("must say in its name which Qwen-VL it is");
  });

  test("is not asked of a Qwen model without VL in its name", async () => {
    await expect(start("qwen3-8b")).rejects.toThrow("no grounding model has this name");
  });
});

/** It writes pixels of the picture as it resized it (github.com/QwenLM/Qwen3-VL, issue 676). */
describe("Qwen2.5-VL", () => {
  // The sizes that smart_resize of qwen-vl-utils gives.
  test.each([
    [2048, 1536, 16_384, 2044, 1540],
    [1280, 960, 16_384, 1288, 952],
    [2048, 1536, 1_280, 1148, 840],
    [1920, 1080, 1_280, 1316, 728],
    [2048, 2048, 4_096, 1792, 1792],
    // Python rounds halves to the even neighbour: 70 is 2.5 tokens, 98 is 3.5.
    [70, 98, 16_384, 56, 112],
    [30, 30, 16_384, 56, 56],
    [20, 300, 16_384, 28, 308],
  ])("resizes %d by %d, with at most %d tokens, to %d by %d", (width, height, tokens, seenWidth, seenHeight) => {
    expect(resizedSize({ width, height }, tokens)).toEqual({ width: seenWidth, height: seenHeight });
  });

  test("is told the resized size, and its boxes are scaled back", async () => {
    const started = await start("qwen2.5vl:7b", boxes({ id: "1", bbox_2d: [0, 0, 644, 952] }));
    const { groundings } = await started.run({ ...INPUT, size: { width: 1280, height: 960 } });
    expect(groundings[0]?.regions[0]?.box).toEqual({ xmin: 0, ymin: 0, xmax: 640, ymax: 960 });
    expect(await unitsTold(started)).toBe("pixels of the picture, which is 1288 wide and 952 high");
  });

  test("resizes to fewer tokens when the entry says so behind its @", async () => {
    const started = await start("qwen2.5vl:7b@1280", boxes({ id: "1", bbox_2d: [0, 420, 574, 840] }));
    const { groundings } = await started.run({ ...INPUT, size: { width: 2048, height: 1536 } });
    expect(groundings[0]?.regions[0]?.box).toEqual({ xmin: 0, ymin: 768, xmax: 1024, ymax: 1536 });
    await expect(start("qwen2.5vl:7b@1281")).rejects.toThrow("its variants are @1280, @4096");
  });

  test("has a box clamped when it reaches outside a little (issue 1035), else refused", async () => {
    const input = { ...INPUT, size: { width: 368, height: 434 } };
    const drifted = await start("qwen2.5vl:7b", boxes({ id: "1", bbox_2d: [19, 300, 154, 476] }));
    expect((await drifted.run(input)).groundings[0]?.regions[0]?.box.ymax).toBe(434);
    const larger = await start("qwen2.5vl:7b@1280", boxes({ id: "1", bbox_2d: [300, 300, 1_700, 1_500] }));
    await expect(larger.run({ ...INPUT, size: { width: 2048, height: 1536 } })).rejects.toMatchObject({
      code: "invalid_output",
    });
  });
});

test.each([
  ["a box with Gemini's key", boxes({ id: "1", box_2d: [300, 100, 800, 600] }), "invalid_output"],
  ["Qwen2-VL's own tokens", completion("<|box_start|>(100,300),(600,800)<|box_end|>"), "invalid_output"],
  [
    "truncated at the token limit",
    completion('[{"bbox_2d": [1, 2, 3, 4], "label"', { finish_reason: "length" }),
    "truncated",
  ],
  ["an empty text", completion(""), "unreadable"],
])("throws a StageError when the reply is %s", async (_, reply, code) => {
  const { run } = await start("qwen3-vl:8b", reply);
  await expect(run(INPUT)).rejects.toMatchObject({ code });
});

test("returns no region when nothing is found", async () => {
  const { run } = await start("qwen3-vl:8b", boxes());
  expect((await run(INPUT)).groundings).toEqual([
    { id: "e1", regions: [] },
    { id: "e2", regions: [] },
  ]);
});
