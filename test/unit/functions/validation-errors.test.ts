import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FUNCTION_STAGES, type FunctionStage } from "../../../functions/stage-function.ts";
import { validationErrors } from "../../../functions/validation-errors.ts";
import { ValidationErrors } from "../../../schemas/cog.ts";
import { STAGES } from "../../../schemas/stages/index.ts";

function errorsOf(stage: FunctionStage, input: unknown) {
  const result = STAGES[stage].input.safeParse(input);
  const issues = (result.error?.issues ?? []).map((issue) => ({ ...issue, path: ["input", ...issue.path] }));
  return ValidationErrors.parse(validationErrors(issues, { input }, stage)).detail;
}
const FLAT = "data:image/png;base64,AAAA";

describe("validationErrors", () => {
  it.each<[string, FunctionStage, unknown, string]>([
    ["is missing", "grounding", { image: FLAT }, "input.entities is required: an array"],
    ["has the wrong type", "mner", { text: 7 }, "input.text must be a string, got 7"],
    [
      "is too long",
      "mner",
      { text: "x".repeat(10_001) },
      "input.text must be at most 10000 UTF-16 code units, got a string of 10001 UTF-16 code units",
    ],
    ["is too small", "picture", { image: FLAT, max_side: 0 }, "input.max_side must be at least 1, got 0"],
    [
      "has too many items",
      "segmentation",
      { image: FLAT, boxes: Array(26).fill({ id: "r1", box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 } }) },
      "input.boxes must be at most 25 items, got an array of 26 items",
    ],
    [
      "is no picture",
      "picture",
      { image: "file:///etc/passwd" },
      "input.image must match /^(?:data:|https?:\\/\\/)/, got a string of 18 UTF-16 code units",
    ],
    [
      "lies in a list",
      "grounding",
      { image: FLAT, entities: [{ id: "e1", text: 7 }] },
      "input.entities.0.text must be a string, got 7",
    ],
    ["contradicts another", "mner", { text: "a", tokens: ["a"] }, "input.text: one of text and tokens is required"],
  ])("names the field, its limit and what was sent when it %s", (_, stage, input, expected) => {
    expect(errorsOf(stage, input).map(({ msg }) => msg)).toContain(
      `${expected}; for an example see functions/README.md, "${stage}"`,
    );
  });

  it("gives the path of the field, which begins with body", () => {
    const [error] = errorsOf("grounding", { image: FLAT, entities: [{ id: 7 }] });
    expect(error).toMatchObject({ loc: ["body", "input", "entities", 0, "id"], type: "invalid_type" });
  });

  it("never repeats a string that was sent, whatever the input", () => {
    const secret = "a post that must not be logged";
    const input = fc.dictionary(
      fc.constantFrom("text", "tokens", "image", "entities", "boxes", "labels", "caption", "max_side"),
      fc.oneof(fc.constant(secret), fc.constant([secret]), fc.constant([{ id: secret, text: [secret] }]), fc.integer()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...FUNCTION_STAGES), input, (stage, value) => {
        for (const { msg } of errorsOf(stage, value)) expect(msg).not.toContain(secret);
      }),
    );
  });

  it("tells 20 errors and the number of the others, and cuts the names that it repeats", () => {
    const bad = Array.from({ length: 190 }, () => ({ id: 7 }));
    const detail = errorsOf("grounding", { image: FLAT, entities: bad });
    expect(detail).toHaveLength(21);
    expect(detail.at(-1)).toEqual({ loc: ["body"], msg: "and 170 more errors", type: "more_errors" });
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${"n".repeat(500)}${index}`, 0]));
    const [{ msg } = { msg: "" }] = errorsOf("grounding", { image: FLAT, entities: [{ id: "a", ...unknown }] });
    expect(msg).toContain("has unknown fields: nnn");
    expect(msg.length).toBeLessThan(2_000);
  });
});
