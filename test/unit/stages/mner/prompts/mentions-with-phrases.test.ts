import { expect, test } from "vitest";
import { nounPhrase } from "../../../../../src/stages/adapters/noun-phrase.ts";
import * as mentions from "../../../../../src/stages/mner/prompts/mentions.ts";
import { build, version } from "../../../../../src/stages/mner/prompts/mentions-with-phrases.ts";
import { describeQuoting, digestOf } from "../../../../support/prompts.ts";

const IMAGE = "https://namesight.test/p";
const TEXT = "Eileen Collins in Houston";

describeQuoting([
  { name: "the post", build: (text) => build({ text, labels: "gmner" }) },
  { name: "the post, with a picture", build: (text) => build({ text, labels: "fine", image: IMAGE }) },
  { name: "knowledge", build: (knowledge) => build({ text: TEXT, knowledge, labels: "gmner" }) },
  { name: "a reader's type", build: (type) => build({ text: TEXT, labels: ["ship", type] }) },
]);

test("changes its version when its words change", () => {
  expect(version).toBe("mentions-with-phrases-1");
  const prompts = (["gmner", "fine", ["ship"]] as const).map((labels) =>
    build({ text: TEXT, knowledge: "Known.", labels: labels as "gmner", image: IMAGE }),
  );
  expect(digestOf(prompts)).toBe("be5573366f980db6");
});

test("asks the same as without phrases, and a plain phrase for every name of the examples", () => {
  const [turns, without] = [build, mentions.build].map((one) => one({ text: TEXT, labels: "gmner" }));
  expect(turns).toHaveLength(without?.length ?? 0);
  const replies = turns?.filter(({ role }) => role === "assistant").map(({ content }) => JSON.parse(String(content)));
  const entities = (replies ?? []).flatMap((reply) => (reply as { entities: Array<Record<string, string>> }).entities);
  expect(entities.length).toBeGreaterThan(4);
  for (const { expression = "" } of entities) {
    expect(expression).toMatch(/^(?:a|the) /);
    expect(nounPhrase(expression)).toBe(expression);
  }
});
