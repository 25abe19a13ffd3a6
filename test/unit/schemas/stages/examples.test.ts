import { describe, expect, test } from "vitest";
import { FLAT_PNG } from "../../../../schemas/example-picture.ts";
import { rleArea, rleBounds } from "../../../../schemas/rle.ts";
import { STAGE_EXAMPLES } from "../../../../schemas/stages/examples.ts";
import { STAGE_NAMES, STAGES } from "../../../../schemas/stages/index.ts";

const ids = (items: ReadonlyArray<{ id: string }>) => items.map(({ id }) => id);

describe("STAGE_EXAMPLES", () => {
  test.each(STAGE_NAMES)("%s: has an input and an output that the stage's schemas take as they are", (stage) => {
    const { input, output } = STAGE_EXAMPLES[stage];
    expect(STAGES[stage].input.parse(input)).toMatchObject(input);
    expect(STAGES[stage].output.parse(output)).toMatchObject(output);
  });

  test.each(STAGE_NAMES)("%s: has no field in its output that a model may leave out", (stage) => {
    const { output } = STAGE_EXAMPLES[stage];
    for (const field of Object.keys(output)) {
      const { [field as keyof typeof output]: _, ...rest } = output;
      expect(STAGES[stage].output.safeParse(rest).success, field).toBe(false);
    }
  });

  test("gives each mention as the slice of the text at its offsets", () => {
    const { input, output } = STAGE_EXAMPLES.mner;
    for (const { text, start, end } of output.mentions) expect(input.text?.slice(start, end)).toBe(text);
  });

  test("answers every item of a list under its id, in order", () => {
    const { expansion, entailment, grounding, segmentation } = STAGE_EXAMPLES;
    expect(ids(expansion.output.expressions)).toEqual(ids(expansion.input.entities));
    expect(ids(entailment.output.judgements)).toEqual(ids(entailment.input.entities));
    expect(ids(grounding.output.groundings)).toEqual(ids(grounding.input.entities));
    expect(ids(segmentation.output.masks)).toEqual(ids(segmentation.input.boxes ?? []));
  });

  test("has a mask that fills its box, at the size of the picture", () => {
    const { input, output } = STAGE_EXAMPLES.segmentation;
    const [{ box } = {}] = input.boxes ?? [];
    const [{ mask } = {}] = output.masks;
    expect(mask && rleBounds(mask)).toEqual(box);
    expect(mask && rleArea(mask)).toBe(28);
    expect(mask?.size).toEqual([input.size?.height, input.size?.width]);
  });

  test("stays short enough to read", () => {
    expect(JSON.stringify(STAGE_EXAMPLES).length).toBeLessThan(4_000);
    expect(FLAT_PNG.length).toBeLessThan(300);
  });
});
