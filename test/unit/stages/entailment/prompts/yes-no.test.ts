import { expect, test } from "vitest";
import { build, version } from "../../../../../src/stages/entailment/prompts/yes-no.ts";
import { describeQuoting, digestOf } from "../../../../support/prompts.ts";

const IMAGE = "https://namesight.test/p";
const ENTITY = { id: "e1", text: "Eileen Collins", type: "PER" };

describeQuoting([
  { name: "the name", build: (text) => build({ image: IMAGE, entity: { ...ENTITY, text } }) },
  { name: "the type", build: (type) => build({ image: IMAGE, entity: { ...ENTITY, type } }) },
  {
    name: "the expression",
    build: (expression) => build({ image: IMAGE, entity: { ...ENTITY, expression } }),
  },
  { name: "the caption", build: (caption) => build({ image: IMAGE, caption, entity: ENTITY }) },
]);

test("changes its version when its words change", () => {
  expect(version).toBe("yes-no-1");
  expect(digestOf(build({ image: IMAGE, caption: "A woman.", entity: { ...ENTITY, expression: "a woman" } }))).toBe(
    "88af57fc2938737d",
  );
});
