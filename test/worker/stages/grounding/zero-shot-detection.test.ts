import { expect, test } from "vitest";
import { toBase64 } from "../../../../src/image/data-url.ts";
import { LINKED } from "../../../support/picture-ref.ts";
import { startModel } from "../harness.ts";

const BYTES = btoa("\u0089PNG\r\n\u001a\n");
const image = `data:image/png;base64,${BYTES}`;
const size = { width: 200, height: 100 };
const entities = [
  { id: "e1", text: "Collins", type: "PER", expression: "a woman, in\torange" },
  { id: "e2", text: "Houston", type: "LOC", expression: "a city" },
];
/** One item of the task's output (`@huggingface/tasks`, zero-shot-object-detection). */
const detection = (label: string, score: number, [xmin, ymin, xmax, ymax]: readonly number[]) => ({
  label,
  score,
  box: { xmin, ymin, xmax, ymax },
});
const start = (reply: unknown) =>
  startModel("grounding", "huggingface:test/owlv2", { replies: { "huggingface ": [reply] } });

test("sends all phrases in one request and assigns the boxes by their labels", async () => {
  const { run, calls, model } = await start([
    detection("a woman, in orange", 0.4, [-3, 5, 120, 99]),
    detection("a woman, in orange", 0.9, [10, 20, 60, 90]),
    detection("a woman, in orange", 0.2, [300, 20, 400, 90]),
  ]);
  expect(model).toMatchObject({ batch: 8, takesLinks: false });
  expect(await run({ image, size, entities })).toEqual({
    model: "owlv2",
    version: "unversioned",
    groundings: [
      {
        id: "e1",
        regions: [
          { box: { xmin: 10, ymin: 20, xmax: 60, ymax: 90 }, score: 0.9, method: "zero-shot-detection" },
          { box: { xmin: 0, ymin: 5, xmax: 120, ymax: 99 }, score: 0.4, method: "zero-shot-detection" },
        ],
      },
      { id: "e2", regions: [] },
    ],
  });
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  // A list of labels: the toolkit would split a string at its commas.
  expect(call).toMatchObject({ method: "POST", path: "/huggingface", headers: { authorization: "Bearer t0ken" } });
  expect(call?.body).toEqual({ inputs: BYTES, parameters: { candidate_labels: ["a woman, in orange", "a city"] } });
});

test("sends an expression once when two entities share it, and gives both its boxes", async () => {
  const { run, calls } = await start([detection("a woman", 0.5, [1, 2, 30, 40])]);
  const { groundings } = await run({
    image,
    size,
    entities: [
      { id: "e1", expression: "a woman" },
      { id: "e2", expression: "A woman" },
    ],
  });
  expect(groundings.map(({ id, regions }) => [id, regions.length])).toEqual([
    ["e1", 1],
    ["e2", 1],
  ]);
  expect((await calls())[0]?.body).toMatchObject({ parameters: { candidate_labels: ["A woman"] } });
});

test("returns no region when nothing is found", async () => {
  const { run } = await start([]);
  expect((await run({ image, size, entities })).groundings).toEqual([
    { id: "e1", regions: [] },
    { id: "e2", regions: [] },
  ]);
});

test.each([
  ["an error with a 200", { error: "no" }],
  ["a label that was not asked for", [detection("a dog", 0.5, [1, 2, 30, 40])]],
  ["an item without a box", [{ label: "a city", score: 0.5 }]],
  ["a box as a list", [{ label: "a city", score: 0.5, box: [1, 2, 30, 40] }]],
  ["a score above 1", [detection("a city", 7, [1, 2, 30, 40])]],
])("throws an invalid_output when the reply is %s", async (_, reply) => {
  const { run } = await start(reply);
  await expect(run({ image, size, entities })).rejects.toMatchObject({ code: "invalid_output" });
});

test("sends the bytes when the picture has a link", async () => {
  const { run, calls } = await start([]);
  await run({ image: "https://namesight.test/p", size, entities });
  expect((await calls())[0]?.body).toMatchObject({ inputs: toBase64(LINKED.bytes) });
});
