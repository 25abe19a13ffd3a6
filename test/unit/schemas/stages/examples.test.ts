import { describe, expect, it } from "vitest";
import { rleBounds } from "../../../../schemas/rle.ts";
import { STAGE_EXAMPLES } from "../../../../schemas/stages/examples.ts";
import { STAGE_NAMES, STAGES } from "../../../../schemas/stages/index.ts";

describe("STAGE_EXAMPLES", () => {
  it.each(STAGE_NAMES)("has an input and an output of %s that are valid and complete", (stage) => {
    const { input, output } = STAGE_EXAMPLES[stage];
    // Equal after parsing: no default is missing and no field is dropped.
    expect(STAGES[stage].input.parse(input)).toEqual(input);
    expect(STAGES[stage].output.parse(output)).toEqual(output);
  });

  it("has mentions that are slices of the text", () => {
    const { input, output } = STAGE_EXAMPLES.mner;
    for (const { text, start, end } of output.mentions) expect(input.text?.slice(start, end)).toBe(text);
  });

  it("answers every entity and every box under its id", () => {
    const { expansion, entailment, grounding, segmentation } = STAGE_EXAMPLES;
    const ids = (list: ReadonlyArray<{ id: string }> | undefined) => list?.map(({ id }) => id);
    expect(ids(expansion.output.expressions)).toEqual(ids(expansion.input.entities));
    expect(ids(entailment.output.judgements)).toEqual(ids(entailment.input.entities));
    expect(ids(grounding.output.groundings)).toEqual(ids(grounding.input.entities));
    expect(ids(segmentation.output.masks)).toEqual(ids(segmentation.input.boxes));
  });

  it("has a mask of the picture's size that fills its box", () => {
    const { input, output } = STAGE_EXAMPLES.segmentation;
    const mask = output.masks[0]?.mask;
    expect(mask?.size).toEqual([input.size?.height, input.size?.width]);
    expect(mask && rleBounds(mask)).toEqual(input.boxes?.[0]?.box);
  });
});
