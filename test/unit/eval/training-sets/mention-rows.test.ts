import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConll } from "../../../../eval/readers/conll.ts";
import { conllLines, mentionRows } from "../../../../eval/training-sets/mention-rows.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { entity } from "../../../support/evaluated-posts.ts";

const POST: EvaluatedPost = {
  id: "7",
  offset_unit: "token",
  tokens: ["Ted", "Cruz", "Rome", "!"],
  entities: [entity("PER", 0, 2), entity("LOC", 2, 3)],
};
const LABELS = ["B-PER", "I-PER", "B-LOC", "O"];

describe("mentionRows", () => {
  it("gives a copy for each text, or one without", () => {
    const common = { post_id: "7", image: "7.jpg", tokens: POST.tokens, labels: LABELS };
    expect(mentionRows(POST, ["a senator", "a city"])).toEqual([
      { id: "7.jpg#0", ...common, knowledge: "a senator" },
      { id: "7.jpg#1", ...common, knowledge: "a city" },
    ]);
    expect(mentionRows(POST, [])).toEqual([{ id: "7.jpg#0", ...common, knowledge: null }]);
  });

  it.each<[Partial<EvaluatedPost>, string]>([
    [{ offset_unit: "utf-16" }, "post 7 has no tokens with offsets in tokens"],
    [{ entities: [entity("PER", 0, 2), entity("LOC", 1, 3)] }, "post 7: name 1 3 overlaps another entity"],
    [{ entities: [entity("PER", 3, 5)] }, "post 7: name 3 5 ends at token 5 of 4"],
    [{ entities: [{ ...entity("PER", 0, 1), start: null, end: null }] }, "post 7: name 0 1 has no start and end"],
  ])("refuses a post with %j", (fields, message) => {
    expect(() => mentionRows({ ...POST, ...fields }, [])).toThrow(message);
  });

  it("refuses a post without tokens", () => {
    const { tokens: _, ...post } = POST;
    expect(() => mentionRows(post, [])).toThrow("post 7 has no tokens");
  });
});

describe("conllLines", () => {
  const linesOf = (knowledge: string[], tokens = POST.tokens) =>
    mentionRows({ ...POST, ...(tokens && { tokens }) }, knowledge).map(conllLines);

  it("writes the tokens with their labels, then <EOS> and the words of the knowledge with X, then a blank line", () => {
    const tweet = "Ted\tB-PER\nCruz\tI-PER\nRome\tB-LOC\n!\tO\n";
    expect(linesOf([" Ted  is\na\u0085senator. "])).toEqual([`${tweet}<EOS>\tX\nTed\tX\nis\tX\na\tX\nsenator.\tX\n\n`]);
    expect(linesOf([])).toEqual([`${tweet}\n`]);
  });

  it("writes no white space inside a token", () => {
    expect(linesOf([], ["Ted", "Cr\tuz", "\u2028", "x"])).toEqual(["Ted\tB-PER\nCruz\tI-PER\n\ufffd\tB-LOC\nx\tO\n\n"]);
  });

  it("is read back as the tokens and labels of the post, with every word behind them labelled X", () => {
    const token = fc.string({ unit: fc.constantFrom("a", "#", '"', "é", "😀", "<"), minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom("a", "\t", "\n", " ", "\u2028", "\u0085", "<EOS>"), maxLength: 9 });
    fc.assert(
      fc.property(fc.array(token, { minLength: 2, maxLength: 8 }), text, (tokens, knowledge) => {
        const [row] = mentionRows({ ...POST, tokens, entities: [entity("PER", 0, 2)] }, [knowledge]);
        const lines = row ? conllLines(row).split("\n") : [];
        const [read] = readConll(lines.slice(0, tokens.length).join("\n"));
        expect(read).toEqual({ tokens, labels: ["B-PER", "I-PER", ...tokens.slice(2).map(() => "O")] });
        expect(lines[tokens.length]).toBe("<EOS>\tX");
        expect(lines.slice(-2)).toEqual(["", ""]);
        for (const line of lines.slice(tokens.length, -2)) expect(line).toMatch(/^[^\s\u0085]+\tX$/);
      }),
    );
  });
});
