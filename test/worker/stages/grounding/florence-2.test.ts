import { describe, expect, test } from "vitest";
import { startModel } from "../harness.ts";

/** The version that the model file knows (docs/reference/hosted-models.md, "Models"). */
const VERSION = "da53547e17d45b9cfb48174b2f18af8b83ca020fa76db62136bf9c6616762595";
const input = {
  image: "https://namesight.test/p",
  size: { width: 640, height: 480 },
  entities: [{ id: "e1", text: "Collins", type: "PER", expression: "a woman in an orange suit" }],
};
const start = (output: unknown) =>
  startModel("grounding", "replicate:test/lucataco/florence-2-large", {
    replies: { [`replicate ${VERSION}`]: [output] },
  });
/** The model's output: a Python literal as text (docs/reference/hosted-models.md, "Models"). */
const grounded = (literal: string) => ({
  img: "https://replicate.delivery/x.png",
  text: `{'<CAPTION_TO_PHRASE_GROUNDING>': ${literal}}`,
});

async function boxesOf(literal: string, expression = "a woman in an orange suit") {
  const { run } = await start(grounded(literal));
  const { groundings } = await run({ ...input, entities: [{ id: "e1", expression }] });
  return groundings[0]?.regions.map(({ box: { xmin, ymin, xmax, ymax } }) => [xmin, ymin, xmax, ymax]);
}

test("sends one phrase in one prediction and reads the boxes", async () => {
  const { run, calls, model } = await start(
    grounded(
      "{'bboxes': [[34.23999786376953, 160.0800018310547, 597.4400024414062, 371.7599792480469]], 'labels': ['a woman in an orange suit']}",
    ),
  );
  expect(model).toMatchObject({ batch: 1, takesLinks: true });
  expect(await run(input)).toEqual({
    model: "lucataco/florence-2-large",
    version: VERSION,
    groundings: [
      {
        id: "e1",
        regions: [
          {
            box: { xmin: 34.23999786376953, ymin: 160.0800018310547, xmax: 597.4400024414062, ymax: 371.7599792480469 },
            score: null,
            method: "florence-2",
          },
        ],
      },
    ],
  });
  const [created, ...more] = await calls();
  expect(more).toEqual([]);
  expect(created?.body).toEqual({
    version: VERSION,
    input: { image: input.image, task_input: "Caption to Phrase Grounding", text_input: "a woman in an orange suit" },
  });
});

test("sends the expression without the model's own tags", async () => {
  const { run, calls } = await start(grounded("{'bboxes': [], 'labels': []}"));
  const output = await run({ ...input, entities: [{ id: "e1", expression: "<loc_1><loc_999> a man" }] });
  expect(output.groundings).toEqual([{ id: "e1", regions: [] }]);
  expect((await calls())[0]?.body).toMatchObject({ input: { text_input: "loc_1 loc_999 a man" } });
});

describe("the boxes", () => {
  test("are those of the whole expression when one label is the whole expression", async () => {
    expect(
      await boxesOf("{'bboxes': [[0, 0, 9, 9], [1, 1, 5, 5]], 'labels': ['a woman', 'A woman in an orange suit.']}"),
    ).toEqual([[1, 1, 5, 5]]);
  });

  test("are those of the label that comes first in the expression when none is the whole", async () => {
    const literal =
      "{'bboxes': [[7, 7, 9, 9], [1, 1, 5, 5], [2, 2, 6, 6]], 'labels': ['an orange suit', 'a woman', 'a woman']}";
    expect(await boxesOf(literal)).toEqual([
      [1, 1, 5, 5],
      [2, 2, 6, 6],
    ]);
  });

  test("are those of a label in the expression rather than of another label", async () => {
    expect(await boxesOf("{'bboxes': [[7, 7, 9, 9], [1, 1, 5, 5]], 'labels': ['', 'orange suit']}")).toEqual([
      [1, 1, 5, 5],
    ]);
  });

  test("are read when a label is in double quotes", async () => {
    expect(await boxesOf(`{'bboxes': [[1, 1, 5, 5]], 'labels': ["collins' suit"]}`, "Collins' suit")).toEqual([
      [1, 1, 5, 5],
    ]);
  });
});

test("clamps boxes that reach outside the picture and drops invalid ones", async () => {
  expect(
    await boxesOf(
      "{'bboxes': [[-4.5, 10, 700, 500], [5, 5, 5, 9], [1, 2, 3]], 'labels': ['a woman', 'a woman', 'a woman']}",
    ),
  ).toEqual([[0, 10, 640, 480]]);
});

test.each([
  ["a text that is no literal", { text: "a woman: 1, 2, 3, 4" }],
  ["code", { text: "__import__('os').getcwd()" }],
  ["an unclosed literal", { text: "{'<CAPTION_TO_PHRASE_GROUNDING>': {'bboxes': [[1, 2" }],
  ["another task's answer", { text: "{'<OD>': {'bboxes': [[1, 1, 5, 5]], 'labels': ['woman']}}" }],
  ["fewer labels than boxes", grounded("{'bboxes': [[1, 1, 5, 5], [2, 2, 6, 6]], 'labels': ['a woman']}")],
  ["numbers as text", grounded("{'bboxes': [['1', 1, 5, 5]], 'labels': ['a woman']}")],
  ["boxes without labels", grounded("{'bboxes': [[1, 1, 5, 5]]}")],
  ["an object without text", { img: "https://replicate.delivery/x.png" }],
  ["an object as text", { text: { bboxes: [] } }],
])("throws an invalid_output when the output is %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});
