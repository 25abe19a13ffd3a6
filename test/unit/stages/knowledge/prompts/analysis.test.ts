import { expect, test } from "vitest";
import { OWN_EXAMPLES } from "../../../../../src/pipeline/text/knowledge-examples.ts";
import { plainParagraph } from "../../../../../src/stages/caption/paragraph.ts";
import { build, version } from "../../../../../src/stages/knowledge/prompts/analysis.ts";
import { describeQuoting, digestOf, textOf } from "../../../../support/prompts.ts";

const TEXT = "Eileen Collins in Houston";

describeQuoting([
  { name: "the post", build: (text) => build({ text, examples: [] }) },
  { name: "the caption", build: (caption) => build({ text: TEXT, caption, examples: [] }) },
  {
    name: "an example's post",
    build: (text) => build({ text: TEXT, examples: [{ text, caption: "A flag.", answer: "It names nothing." }] }),
  },
]);

test("changes its version when its words change", () => {
  expect(version).toBe("analysis-1");
  const examples = [
    { text: "a", caption: "b", answer: "c" },
    { text: "d", answer: "e" },
  ];
  expect(digestOf([build({ text: TEXT, caption: "A flag.", examples }), build({ text: TEXT, examples: [] })])).toBe(
    "f738f090a4031703",
  );
});

test("has four fields in each block, the post's answer left open, and the most similar example next to the post", () => {
  const examples = [
    { text: "nearest", answer: "first" },
    { text: "farther", answer: "second" },
  ];
  const prompt = textOf(build({ text: TEXT, caption: "A flag.", examples }));
  for (const field of ["Text: ", "Caption: ", "Question: ", "Answer:"]) expect(prompt.split(field)).toHaveLength(4);
  expect(prompt.indexOf("farther")).toBeLessThan(prompt.indexOf("nearest"));
  expect(prompt.endsWith("Answer:")).toBe(true);
});

test("has three examples of our own, whose answers are plain and name what their texts write", () => {
  expect(OWN_EXAMPLES).toHaveLength(3);
  for (const { answer } of OWN_EXAMPLES) expect(plainParagraph(answer)).toBe(answer);
  for (const name of ["Velvet Comets", "Saltmarsh Arena", "Tomas Iversen", "HarbourWatch", "Lindoya", "NordFerries"]) {
    const example = OWN_EXAMPLES.find(({ answer }) => answer.includes(name));
    expect(example?.text).toContain(name);
  }
});
