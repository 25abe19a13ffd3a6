import { describe, expect, test } from "vitest";
import { STAGE_EXAMPLES } from "../../../../schemas/stages/examples.ts";
import { STAGE_NAMES } from "../../../../schemas/stages/index.ts";
import { readOutput } from "../../../../src/stages/replies/read-output.ts";

describe("readOutput", () => {
  test.each(STAGE_NAMES)("takes the example output of %s", (stage) => {
    const { output } = STAGE_EXAMPLES[stage];
    expect(readOutput(stage, output)).toMatchObject({ model: "my-model", version: "1" });
  });

  test("names the field, and shows the example it is given, when an output is invalid", () => {
    const broken = { model: "m", version: "1", groundings: [{ id: "e1", regions: [{ box: [0, 0, 1, 1] }] }] };
    const detail = "answered with an invalid grounding result (field /groundings/0/regions/0/box)";
    expect(() => readOutput("grounding", broken)).toThrow(expect.objectContaining({ code: "invalid_output", detail }));
    const shown = `${detail}; a valid one is ${JSON.stringify(STAGE_EXAMPLES.grounding.output)}`;
    expect(() => readOutput("grounding", broken, { example: STAGE_EXAMPLES.grounding.output })).toThrow(
      expect.objectContaining({ detail: shown }),
    );
  });

  test("says nothing of what the model answered, which may quote the post", () => {
    expect(() => readOutput("caption", { model: "m", version: "1", caption: 7, secret: "a secret" })).toThrow(
      expect.objectContaining({ detail: expect.not.stringContaining("secret") }),
    );
  });
});
