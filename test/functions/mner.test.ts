import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadMner } from "../../functions/mner/index.ts";
import { STAGES } from "../../schemas/stages/index.ts";

const mner = await loadMner();
const context = { signal: new AbortController().signal };
const run = (input: { text: string } | { tokens: string[] }) => mner.run({ labels: "gmner", ...input }, context);
const found = async (text: string) =>
  (await run({ text })).mentions.map((mention) => `${mention.type} ${mention.text}`);

test.each([
  ["omg taylor swift killed it at madison square garden last nite", ["PER taylor swift", "LOC madison square garden"]],
  [
    "Trump meets Angela Merkel at the White House to discuss NATO",
    ["PER Trump", "PER Angela Merkel", "LOC White House", "ORG NATO"],
  ],
  ["Just landed in Beijing and visiting the Summer Palace", ["LOC Beijing", "LOC Summer Palace"]],
])("%s", async (text, expected) => {
  expect(await found(text)).toEqual(expected);
});

test("a mention is the exact slice of the text, with a probability, whatever stands around it", async () => {
  const piece = fc.constantFrom(
    "Eileen Collins",
    "NASA",
    "👩‍🚀",
    "Zoë",
    "@ESA",
    "#Houston",
    "https://t.co/x",
    "\u200b",
    "\ud83d",
    " ",
    "\n",
    "…",
    "مرحبا",
    "e\u0301",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const text = pieces.join("");
      const output = STAGES.mner.output.parse(await run({ text }));
      let end = 0;
      for (const mention of output.mentions) {
        expect(text.slice(mention.start, mention.end)).toBe(mention.text);
        expect(mention.text).toMatch(/^[^\s@#].*\S$|^[^\s@#]$/su);
        expect(mention.score).toBeGreaterThan(0);
        expect(mention.start).toBeGreaterThanOrEqual(end);
        end = mention.end;
      }
    }),
    { numRuns: 40 },
  );
});

test("a hashtag's mark is not part of the mention", async () => {
  const { mentions } = await run({ text: "Messi scores for #Barcelona again, Lionel Messi is back in Barcelona" });
  for (const { text } of mentions) expect(text).not.toMatch(/^[@#]/);
  expect(mentions.map(({ text }) => text)).toContain("Lionel Messi");
});

test("tokens: the text is the tokens joined by one space, and mentions end where tokens end", async () => {
  const { mentions } = await run({ tokens: ["@", "NASA", "'s", "Eileen", "Collins", "is", "in", "Houston", "."] });
  expect(mentions.map(({ text, start, end }) => [text, start, end])).toEqual([
    ["Eileen Collins", 10, 24],
    ["Houston", 31, 38],
  ]);
});

test.each(["", "   ", "…", "👍"])("%j has no mention and no problem", async (text) => {
  expect(await run({ text })).toMatchObject({ mentions: [], problems: [] });
});

describe("a text of 10,000 characters", () => {
  const sentence = "Eileen Collins of NASA flew to Houston. ";
  const text = sentence.repeat(250);
  test("gives every sentence's mentions where they stand", async () => {
    const { mentions } = await run({ text });
    const starts = mentions.filter((mention) => mention.text.startsWith("Eileen Collins")).map(({ start }) => start);
    expect(starts).toEqual(Array.from({ length: 250 }, (_, index) => index * sentence.length));
    expect(mentions.filter((mention) => mention.text === "Houston")).toHaveLength(250);
  });

  test("stops when its caller hangs up", async () => {
    const abort = new AbortController();
    abort.abort(new Error("gone"));
    await expect(mner.run({ labels: "gmner", text }, { signal: abort.signal })).rejects.toThrow("gone");
  });
});

test("a text in another script gets a problem that says so, and its Latin names are still found", async () => {
  const { mentions, problems } = await run({
    text: "Астронавт Eileen Collins прилетела сегодня утром вместе со своим экипажем",
  });
  expect(problems).toMatchObject([{ code: "script_not_covered", detail: expect.stringContaining("Cyrillic") }]);
  expect(mentions.map(({ text }) => text)).toContain("Eileen Collins");
});
