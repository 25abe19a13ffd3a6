import { expect, test } from "vitest";
import type { Usage } from "../../../../src/providers/usage.ts";
import { startModel } from "../harness.ts";
import { HOSTS } from "../moondream-hosts.ts";

const { entry, key, path, field, tokens, takesLinks, image, auth } = HOSTS.cloud;
const input = {
  image,
  size: { width: 200, height: 100 },
  entities: [{ id: "e1", text: "Collins", type: "PER", expression: "a woman in a suit" }],
};
// The frame of the model's boxes is the size of the picture that it was sent, whatever size that file has.
const start = (...answers: unknown[]) =>
  startModel("grounding", entry("detect"), { replies: { [key("detect")]: answers } });
const answer = (...objects: readonly unknown[]) => ({ finish_reason: "stop", objects, ...tokens });
const box = (x_min: number, y_min: number, x_max: number, y_max: number) => ({ x_min, y_min, x_max, y_max });

test("asks for one phrase and reads boxes of shares", async () => {
  const { run, calls, model } = await start(answer(box(0.1, 0.3, 0.6, 0.8), box(0.5, 0.5, 1.01, 1)));
  expect(model).toMatchObject({ batch: 1, takesLinks, promptVersion: "1" });
  const spent: Usage[] = [];
  const found = await run(input, { spent: (usage) => spent.push(usage) });
  expect(found).toMatchObject({ model: entry("detect").split("test/")[1], version: "unversioned" });
  expect(found.groundings).toEqual([
    {
      id: "e1",
      regions: [
        { box: { xmin: 20, ymin: 30, xmax: 120, ymax: 80 }, score: null, method: "moondream-detect" },
        { box: { xmin: 100, ymin: 50, xmax: 200, ymax: 100 }, score: null, method: "moondream-detect" },
      ],
    },
  ]);
  expect(spent).toEqual([{ inputTokens: 740, outputTokens: 8 }]);
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ path: path("detect"), headers: auth });
  expect(call?.body).toEqual({
    image_url: image,
    [field.detect]: "a woman in a suit",
    settings: { temperature: 0, max_objects: 20 },
  });
});

test("returns no region when nothing is found", async () => {
  const { run } = await start(answer());
  expect((await run(input)).groundings).toEqual([{ id: "e1", regions: [] }]);
});

test.each([
  ["pixels", answer(box(20, 30, 120, 80))],
  ["text", answer({ ...box(0, 0, 1, 1), x_max: "1" })],
  ["no list", { objects: null }],
  ["too many", answer(...Array.from({ length: 101 }, () => box(0, 0, 1, 1)))],
])("throws an invalid_output when boxes are %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
});
