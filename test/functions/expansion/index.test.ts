import { beforeAll, describe, expect, it } from "vitest";
import { loadExpansion } from "../../../functions/expansion/index.ts";
import type { StageFunction } from "../../../functions/stage-function.ts";
import { ExpansionOutput } from "../../../schemas/stages/expansion.ts";
import { runContext } from "../../support/run-context.ts";
import { postOf } from "../examples.ts";

const context = runContext();
let expansion: StageFunction<"expansion">;
beforeAll(async () => {
  expansion = await loadExpansion();
});

async function expressionsOf(name: string): Promise<string[]> {
  const { text, gold } = postOf(name);
  const entities = gold.map((entity, index) => ({ id: `e${index}`, text: entity.text, type: entity.type }));
  const { model, expressions } = ExpansionOutput.parse(await expansion.run({ text, entities }, context));
  expect(model).toBe("template+wordnet");
  expect(expressions.map(({ id }) => id)).toEqual(entities.map(({ id }) => id));
  expect(expressions.every(({ method }) => method === "template")).toBe(true);
  return expressions.map((expression) => expression.text);
}

describe("loadExpansion", () => {
  it.each([
    ["cat", ["Chelsea, the cat", "Game of Thrones"]],
    ["mittens", ["Mittens, the cat"]],
    [
      "oscar",
      ["Oscar, the cat", "Oscar Wilde, Irish writer and wit", "London, the capital and largest city of England"],
    ],
    ["admiral", ["Grace Hopper, the admiral", "the logo or name of US Navy", "COBOL"]],
    [
      "espresso",
      ["the logo or name of Blue Bottle", expect.stringMatching(/^Oakland, a city /), "a person named Maria"],
    ],
  ])("expands the entities of %s", async (post, expected) => {
    expect(await expressionsOf(post)).toEqual(expected);
  });

  it.each([
    ["Golden Gate Bridge", "LOC", "Golden Gate Bridge, a suspension bridge across the Golden Gate"],
    ["Daniel", "PER", "a person named Daniel"],
    ["Grant", "PER", "a person named Grant"],
    ["London", "PER", "a person named London"],
  ] as const)("expands %s when its type is %s", async (text, type, expected) => {
    const { expressions } = await expansion.run(
      { text: `Hello ${text}!`, entities: [{ id: "1", text, type }] },
      context,
    );
    expect(expressions[0]?.text).toBe(expected);
  });

  it("returns nothing when there are no entities", async () => {
    expect((await expansion.run({ text: "", entities: [] }, context)).expressions).toEqual([]);
  });
});

it("pauses before each entity, so that other predictions get their turn", async () => {
  const entities = Array.from({ length: 200 }, (_, index) => ({ id: `e${index}`, text: "x", type: "PER" }));
  let pauses = 0;
  await expansion.run({ text: "x ".repeat(5_000), entities }, { ...context, pause: async () => void pauses++ });
  expect(pauses).toBe(200);
});
