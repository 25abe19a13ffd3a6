import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { answerText } from "../../../src/bots/answer-text.ts";
import { markdownLength, toMarkdown } from "../../../src/bots/discord-text.ts";
import { sentencesOf } from "../../../src/bots/sentences.ts";

const EN = sentencesOf("en");
const textOf = (names: readonly string[], limit = 2_000) => {
  const entities = names.map((text) => ({ text, type: "PER", visible: null }));
  const answer = { entities, partial: true } as unknown as RecognizeAnswer;
  return toMarkdown(answerText([answer], EN, limit, [], markdownLength));
};

describe("names", () => {
  test.each([
    ["Zoë 😀", "**Zoë 😀**"],
    ["*Felix* __ `x` ~~y~~", "**\\*Felix\\* \\_\\_ \\`x\\` \\~\\~y\\~\\~**"],
    ["@everyone", "**\\@everyone**"],
    ["<@123> <#4> <t:5>", "**\\<\\@123\\> \\<#4\\> \\<t:5\\>**"],
    ["[here](https://a.test) ||spoiler||", "**\\[here\\](https://a.test) \\|\\|spoiler\\|\\|**"],
    ["back\\slash", "**back\\\\slash**"],
    ["one\n# two\n> three", "**one # two \\> three**"],
  ])("%j is bold, and means nothing else", (name, written) => {
    expect(textOf([name])).toBe(`${written} (person): cannot tell\n${EN.partial}`);
  });
});

test("what is written never has more characters than Discord takes, and nothing of it is cut", () => {
  const names = fc.array(fc.string({ unit: fc.constantFrom("*", "_", "a", "@", " ", "😀"), maxLength: 60 }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(names, fc.integer({ min: 300, max: 2_000 }), (texts, limit) => {
      const written = textOf(texts, limit);
      expect(written.length).toBeLessThanOrEqual(limit);
      expect(written.endsWith(EN.partial)).toBe(true);
      for (const line of written.split("\n").filter((one) => one.startsWith("**")))
        expect(line).toMatch(/cannot tell$/);
    }),
  );
});
