import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinInputs, joinOutputs, splitInput } from "../../../src/pipeline/split.ts";
import type { StageOutput } from "../../../src/stages/model.ts";

const inputOf = (count: number) => ({
  text: "a post",
  entities: Array.from({ length: count }, (_, index) => ({ id: `e${index}`, text: "a", type: "PER" })),
});

describe("splitInput", () => {
  test("makes as few parts as the batch allows, loses nothing, and is undone by joinInputs", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 60 }), (count, batch) => {
        const input = inputOf(count);
        const parts = splitInput("expansion", input, batch);
        expect(parts.length).toBe(Math.max(1, Math.ceil(count / batch)));
        for (const part of parts) expect(part.entities?.length).toBeLessThanOrEqual(batch);
        expect(joinInputs("expansion", parts)).toEqual(input);
      }),
    );
  });

  test("leaves the input of a stage that is always one call as it is", () => {
    const input = { text: "a post", labels: "gmner" as const };
    expect(splitInput("mner", input, 1)).toEqual([input]);
  });
});

describe("joinOutputs", () => {
  const output = (model: string, id: string): StageOutput<"expansion"> => ({
    model,
    version: "1",
    expressions: [{ id, text: "a cat", method: "llm" }],
  });

  test("has the first output's model and the results of all", () => {
    const joined = joinOutputs("expansion", [output("a", "e1"), output("b", "e2")]);
    expect(joined).toMatchObject({ model: "a", expressions: [{ id: "e1" }, { id: "e2" }] });
  });

  test("is null when nobody answered", () => {
    expect(joinOutputs("expansion", [])).toBeNull();
  });
});
