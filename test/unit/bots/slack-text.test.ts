import fc from "fast-check";
import { expect, test } from "vitest";
import { escaped, markedLength, markedUp, readable } from "../../../src/bots/slack-text.ts";

test.each([
  ["Felix &amp; Zoë &lt;3", "Felix & Zoë <3"],
  ["&amp;lt;", "&lt;"],
  ["see <https://a.test/x|the page> and <https://b.test>", "see the page and https://b.test"],
  ["<mailto:ada@a.test|ada@a.test> <mailto:bob@b.test>", "ada@a.test bob@b.test"],
  ["<@U0OTHER01> sleeps in <#C0NEWS01|news> with <@U0OTHER02|zoë>", "sleeps in #news with @zoë"],
  ["<!here> <!subteam^S1|@team> <!date^1^{date}|yesterday> Felix", "@team yesterday Felix"],
  ["<#C0NEWS01> a  <b", "a <b"],
])("%s reads as %s", (text, expected) => {
  expect(readable(text)).toBe(expected);
});

test("an answer has bold names, and nothing in it is a link or calls anybody", () => {
  const text = "A&B (other): cannot tell\n<!channel> (person): in the picture\na*b (other): cannot tell";
  const names = [
    { start: 0, end: 3 },
    { start: 25, end: 35 },
    { start: 61, end: 64 },
  ];
  expect(markedUp({ text, names })).toBe(
    "*A&amp;B* (other): cannot tell\n*&lt;!channel&gt;* (person): in the picture\na*b (other): cannot tell",
  );
});

test("escaping and reading give every text back that has no white space at its ends", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (given) => {
      const text = given.replaceAll(/\s+/g, " ").trim();
      expect(escaped(text)).not.toMatch(/[<>]/);
      expect(readable(escaped(text))).toBe(text);
    }),
  );
});

test("the length of a line is that of its markup", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, rest) => {
      const names = name === "" ? [] : [{ start: 0, end: name.length }];
      expect(markedLength({ name, rest })).toBe(markedUp({ text: name + rest, names }).length);
    }),
  );
});
