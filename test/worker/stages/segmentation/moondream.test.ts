import { describe, expect, test } from "vitest";
import type { Box } from "../../../../schemas/primitives.ts";
import type { Usage } from "../../../../src/providers/usage.ts";
import { startModel } from "../harness.ts";
import { box, boxes, maskOf, SENT } from "../mask-fixtures.ts";
import { INLINE } from "../moondream-hosts.ts";

const SQUARE = "M0,0L1,0L1,1L0,1z";
const LEFT = box(2, 3, 12, 9);
const start = (...answers: unknown[]) =>
  startModel("segmentation", "moondream:test/segment", { replies: { "moondream segment": answers } });
/** A box as the model writes it. */
const shares = ({ xmin, ymin, xmax, ymax }: Box) => ({
  x_min: xmin / SENT.width,
  y_min: ymin / SENT.height,
  x_max: xmax / SENT.width,
  y_max: ymax / SENT.height,
});
const answer = (path: unknown, around: Box = LEFT) => ({ path, bbox: shares(around) });
const asked = (more: object = {}) => {
  const input = boxes(LEFT);
  return { ...input, image: INLINE, boxes: input.boxes.map((prompt) => ({ ...prompt, ...more })) };
};

test("sends the expression and the box as shares, and fills the path in the frame of the object's box", async () => {
  const { run, calls, model } = await start({ ...answer(SQUARE), metrics: { input_tokens: 750, output_tokens: 90 } });
  expect(model).toMatchObject({ batch: 1, takesLinks: false, promptVersion: "1" });
  const spent: Usage[] = [];
  expect(await run(asked({ expression: "a\n dog" }), { spent: (usage) => spent.push(usage) })).toEqual({
    model: "segment",
    version: "unversioned",
    masks: [{ id: "b1", mask: maskOf(LEFT), score: null, method: "moondream-segment", reason: null }],
  });
  expect(spent).toEqual([{ inputTokens: 750, outputTokens: 90 }]);
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ path: "/moondream/v1/segment", headers: { "x-moondream-auth": "t0ken" } });
  expect(call?.body).toEqual({
    image_url: INLINE,
    object: "a dog",
    spatial_refs: [[0.1, 0.25, 0.6, 0.75]],
    stream: false,
  });
});

test.each([
  [{ type: "PER" }, "person"],
  [{ type: "ORG" }, "logo"],
  [{ type: "LOC" }, "place"],
  [{}, "object"],
  [{ type: "Creative_Work" }, "creative work"],
  [{ type: "constructor" }, "constructor"],
])("looks for a noun of the type where no expression is known: %j", async (more, noun) => {
  const { run, calls } = await start(answer(SQUARE));
  await run(asked(more));
  expect((await calls())[0]?.body).toMatchObject({ object: noun });
});

describe("a path", () => {
  test("of two rings leaves a hole open that runs the other way", async () => {
    const { run } = await start(answer(`${SQUARE}M.2 .5L.2 .75L.4 .75L.4 .5z`));
    const mask = (await run(asked())).masks[0]?.mask;
    const { run: whole } = await start(answer(SQUARE));
    expect(mask).not.toEqual((await whole(asked())).masks[0]?.mask);
  });

  test.each([
    ["of another language", "<svg/>"],
    ["that was cut off", "M0 0L1"],
    ["in pixels", "M20 30L120 30L120 80Z"],
    ["of a zigzag without end", `M0 0${"L1 0L0 1".repeat(20_000)}Z`],
    ["that is too long", `M0 0${" ".repeat(200_000)}`],
  ])("is an invalid_output when it is one %s", async (_, path) => {
    const { run } = await start(answer(path, box(0, 0, SENT.width, SENT.height)));
    await expect(run(asked())).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
  });

  test("is an invalid_output when the object's box is in pixels", async () => {
    const { run } = await start({ path: SQUARE, bbox: { x_min: 2, y_min: 3, x_max: 12, y_max: 9 } });
    await expect(run(asked())).rejects.toMatchObject({ code: "invalid_output" });
  });

  test.each<[what: string, output: unknown]>([
    ["null", { path: null, bbox: null }],
    ["absent", {}],
    ["empty", answer("")],
    ["without a box", { path: SQUARE, bbox: null }],
    ["of one point", answer("M0 0")],
    ["somewhere else", answer(SQUARE, box(15, 0, 20, 2))],
  ])("is failed when it is %s", async (_, output) => {
    const { run } = await start(output);
    await expect(run(asked())).rejects.toMatchObject({ name: "StageError", code: "nothing_found" });
  });
});

test("refuses two boxes at once, and sends no request when there is none", async () => {
  const { run, calls } = await start(answer(SQUARE));
  await expect(run({ ...boxes(LEFT, LEFT), image: INLINE })).rejects.toMatchObject({ code: "rejected" });
  expect((await run({ ...boxes(), image: INLINE, warm: true })).masks).toEqual([]);
  expect(await calls()).toEqual([]);
});
