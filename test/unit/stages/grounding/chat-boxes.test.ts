import { describe, expect, test } from "vitest";
import type { ChatQuestion } from "../../../../src/providers/chat.ts";
import { askBoxes, type BoxForm } from "../../../../src/stages/grounding/chat-boxes.ts";
import { CONVENTIONS } from "../../../../src/stages/replies/coordinates.ts";

const SIZE = { width: 200, height: 100 };
const FORM: BoxForm = {
  words: { key: "box", numbers: "x_min, y_min, x_max, y_max", units: "thousandths" },
  convention: CONVENTIONS["qwen3-vl"],
  pixels: SIZE,
  slack: 0.1,
  method: "test",
};
const entities = [
  { id: "a", text: "Collins", expression: "a woman" },
  { id: "b", text: "NASA", expression: "a logo" },
];

/** What a chat model's reply becomes, and the question that it was asked. */
async function ask(reply: unknown, asked = entities) {
  const questions: ChatQuestion[] = [];
  const talk = {
    model: "m",
    calibration: undefined,
    repair: null,
    chat: async (question: ChatQuestion) => {
      questions.push(question);
      return { text: JSON.stringify(reply), firstTokens: null, model: null };
    },
  };
  const result = await askBoxes({ image: "data:,", size: SIZE, entities: asked }, talk, FORM);
  return { ...result, questions };
}

const region = (xmin: number, ymin: number, xmax: number, ymax: number) => ({
  box: { xmin, ymin, xmax, ymax },
  score: null,
  method: "test",
});

describe("askBoxes", () => {
  test("gives each entity its boxes in pixels when the reply names their places in the list", async () => {
    const boxes = [
      { id: "2", box: [0, 0, 500, 500] },
      { id: "1", box: [100, 200, 300, 400] },
      { id: "1", box: [500, 0, 1000, 1000] },
    ];
    expect((await ask({ boxes })).groundings).toEqual([
      { id: "a", regions: [region(20, 20, 60, 40), region(100, 0, 200, 100)] },
      { id: "b", regions: [region(0, 0, 100, 50)] },
    ]);
  });

  test.each([
    ["an expression", [{ label: "A woman", box: [0, 0, 500, 500] }]],
    ["a name", [{ label: "collins", box: [0, 0, 500, 500] }]],
  ])("finds the entity when a bare list has %s as label", async (_, reply) => {
    expect((await ask(reply)).groundings).toEqual([
      { id: "a", regions: [region(0, 0, 100, 50)] },
      { id: "b", regions: [] },
    ]);
  });

  test("gives boxes without id and label to the only entity", async () => {
    const { groundings } = await ask([{ box: [0, 0, 500, 500] }], entities.slice(0, 1));
    expect(groundings).toEqual([{ id: "a", regions: [region(0, 0, 100, 50)] }]);
  });

  test("gives a repeated box once", async () => {
    const box = { id: "1", box: [0, 0, 500, 500] };
    expect((await ask({ boxes: [box, box, box] })).groundings[0]?.regions).toHaveLength(1);
  });

  test.each([
    ["an id that is not in the list", { boxes: [{ id: "3", box: [0, 0, 1, 1] }] }, "something that was not asked for"],
    ["a label that is not in the list", [{ label: "a dog", box: [0, 0, 1, 1] }], "something that was not asked for"],
    ["pixels instead of thousandths", { boxes: [{ id: "1", box: [0, 0, 1900, 900] }] }, "other units than asked for"],
  ])("throws when the reply has %s", async (_, reply, message) => {
    await expect(ask(reply)).rejects.toThrow(message);
  });

  test("leaves more tokens to a reply about more entities", async () => {
    const [one, two] = await Promise.all([ask({ boxes: [] }, entities.slice(0, 1)), ask({ boxes: [] })]);
    expect(two.questions[0]?.maximumTokens).toBeGreaterThan(one.questions[0]?.maximumTokens ?? 0);
  });
});
