import { expect, test } from "vitest";
import { plainWords } from "../../../../../src/stages/adapters/plain-words.ts";
import { build, version } from "../../../../../src/stages/expansion/prompts/phrases.ts";
import { describeQuoting, digestOf } from "../../../../support/prompts.ts";

const TEXT = "Eileen Collins in Houston";
const ENTITY = { id: "e1", text: "Eileen Collins", type: "PER" };

describeQuoting([
  { name: "the post", build: (text) => build({ text, entities: [ENTITY] }) },
  { name: "the caption", build: (caption) => build({ text: TEXT, caption, entities: [ENTITY] }) },
  { name: "a name", build: (text) => build({ text: TEXT, entities: [{ ...ENTITY, text }] }) },
  {
    name: "a type",
    build: (type) => build({ text: TEXT, entities: [{ ...ENTITY, type: `${type}!` }] }),
    wrap: (type) => `${type}!`,
  },
  { name: "an id", build: (id) => build({ text: TEXT, entities: [{ ...ENTITY, id }] }) },
]);

test("changes its version when its words change", () => {
  expect(version).toBe("phrases-1");
  expect(
    digestOf(
      build({ text: TEXT, caption: "A woman.", entities: [ENTITY, { id: "e2", text: "Houston", type: "city" }] }),
    ),
  ).toBe("ce37290dd0ef4165");
});

test("has examples that answer every id with plain words", () => {
  const turns = build({ text: TEXT, entities: [ENTITY] }).slice(1, -1);
  expect(turns.length).toBeGreaterThanOrEqual(4);
  for (let turn = 0; turn < turns.length; turn += 2) {
    const asked = [...String(turns[turn]?.content).matchAll(/^- id "(\w+)"/gm)].map(([, id]) => id);
    const { expressions } = JSON.parse(String(turns[turn + 1]?.content)) as {
      expressions: Array<{ id: string; expression: string }>;
    };
    expect(expressions.map(({ id }) => id)).toEqual(asked);
    for (const { expression } of expressions) expect(plainWords(expression, 300)).toBe(expression);
  }
});

test.each(["constructor", "__proto__", "toString"])("writes the kind OTHER when a caller's type is %s", (type) => {
  const asked = JSON.stringify(build({ text: TEXT, entities: [{ ...ENTITY, type }] }).at(-1));
  expect(asked).toContain("kind OTHER");
  expect(asked).not.toMatch(/native code|object Object/);
});
