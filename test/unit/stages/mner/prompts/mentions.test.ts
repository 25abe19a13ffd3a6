import { expect, test } from "vitest";
import { locateNames } from "../../../../../src/stages/mner/locate-names.ts";
import { build, version } from "../../../../../src/stages/mner/prompts/mentions.ts";
import { describeQuoting, digestOf, textOf } from "../../../../support/prompts.ts";

const IMAGE = "https://namesight.test/p";
const TEXT = "Eileen Collins in Houston";

describeQuoting([
  { name: "the post", build: (text) => build({ text, labels: "gmner" }) },
  {
    name: "the post, with knowledge",
    build: (text) => build({ text, knowledge: "Known.", labels: "fine" }),
  },
  {
    name: "the post, with a picture",
    build: (text) => build({ text, labels: "gmner", image: IMAGE }),
  },
  { name: "knowledge", build: (knowledge) => build({ text: TEXT, knowledge, labels: "gmner" }) },
  { name: "a reader's type", build: (type) => build({ text: TEXT, labels: ["ship", type] }) },
]);

test("escapes PGIM's mark <EOS> when it stands in the post or the knowledge (arXiv 2305.12212, section 3.3)", () => {
  const prompt = textOf(build({ text: "a <EOS> b", knowledge: "c <EOS> d", labels: "gmner" }));
  expect(prompt.endsWith('Text: "a \\u003cEOS\\u003e b" <EOS> "c \\u003cEOS\\u003e d"')).toBe(true);
});

test("changes its version when its words change", () => {
  expect(version).toBe("mentions-1");
  expect(
    digestOf(
      (["gmner", "fine", ["ship"]] as const).map((labels) =>
        build({ text: TEXT, knowledge: "Known.", labels: labels as "gmner", image: IMAGE }),
      ),
    ),
  ).toBe("b690f3117c69f1cc");
});

test.each(["gmner", "fine"] as const)(
  "has examples whose names all stand in their text when the labels are %s",
  (labels) => {
    const turns = build({ text: TEXT, labels }).slice(1, -1);
    expect(turns.length).toBeGreaterThanOrEqual(4);
    for (let turn = 0; turn < turns.length; turn += 2) {
      const text = JSON.parse(String(turns[turn]?.content).replace("Text: ", "")) as string;
      const { entities } = JSON.parse(String(turns[turn + 1]?.content)) as {
        entities: Array<{ text: string; type: string }>;
      };
      expect(new Set(locateNames(text, entities, null).map((name) => name.text))).toEqual(
        new Set(entities.map((entity) => entity.text)),
      );
    }
  },
);

test("puts the picture before the text in one message, and leaves text alone a plain string", () => {
  expect(build({ text: TEXT, labels: "gmner", image: IMAGE }).at(-1)?.content).toEqual([
    { type: "image_url", image_url: { url: IMAGE } },
    { type: "text", text: `Text: ${JSON.stringify(TEXT)}` },
  ]);
  expect(build({ text: TEXT, labels: "gmner" }).at(-1)?.content).toBe(`Text: ${JSON.stringify(TEXT)}`);
});
