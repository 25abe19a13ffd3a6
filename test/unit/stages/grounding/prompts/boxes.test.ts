import { expect, test } from "vitest";
import { build, version } from "../../../../../src/stages/grounding/prompts/boxes.ts";
import { describeQuoting, digestOf } from "../../../../support/prompts.ts";

const IMAGE = "https://namesight.test/p";
const ENTITY = { id: "e1", text: "Eileen Collins", type: "PER" };
const BOX_WORDS = { key: "box", numbers: "a, b, c, d", units: "pixels" };

describeQuoting([
  {
    name: "the name",
    build: (text) => build({ image: IMAGE, entities: [{ ...ENTITY, text }], words: BOX_WORDS }),
  },
  {
    name: "the expression",
    build: (expression) => build({ image: IMAGE, entities: [{ ...ENTITY, expression }], words: BOX_WORDS }),
  },
]);

test("changes its version when its words change", () => {
  expect(version).toBe("boxes-1");
  expect(
    digestOf(build({ image: IMAGE, entities: [{ ...ENTITY, expression: "a woman" }, { id: "e2" }], words: BOX_WORDS })),
  ).toBe("d901d2cf3e74421b");
});

test.each(["constructor", "__proto__", "toString"])("writes the kind OTHER when a caller's type is %s", (type) => {
  const asked = JSON.stringify(build({ image: IMAGE, entities: [{ ...ENTITY, type }], words: BOX_WORDS }).at(-1));
  expect(asked).toContain("kind OTHER");
  expect(asked).not.toMatch(/native code|object Object/);
});
