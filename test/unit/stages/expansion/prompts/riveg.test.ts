import { expect, test } from "vitest";
import { build, version } from "../../../../../src/stages/expansion/prompts/riveg.ts";
import { describeQuoting, digestOf } from "../../../../support/prompts.ts";

const TEXT = "Eileen Collins in Houston";
const ENTITY = { id: "e1", text: "Eileen Collins", type: "PER" };

describeQuoting([
  { name: "the post", build: (text) => build({ text, entity: ENTITY }) },
  { name: "the caption", build: (caption) => build({ text: TEXT, caption, entity: ENTITY }) },
  {
    name: "the name",
    build: (text) => build({ text: TEXT, entity: { ...ENTITY, text } }),
    wrap: (name) => `${name}(PER)`,
  },
]);

test("changes its version when its words change", () => {
  expect(version).toBe("riveg-1");
  expect(digestOf(build({ text: TEXT, caption: "A woman.", entity: ENTITY }))).toBe("22f0741cd9999605");
});

test.each(["constructor", "__proto__", "toString"])("writes the kind OTHER when a caller's type is %s", (type) => {
  const asked = JSON.stringify(build({ text: TEXT, entity: { ...ENTITY, type } }).at(-1));
  expect(asked).toContain("(OTHER)");
  expect(asked).not.toMatch(/native code|object Object/);
});
