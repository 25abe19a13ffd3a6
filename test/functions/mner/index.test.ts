import fc from "fast-check";
import { expect, test } from "vitest";
import { loadMner } from "../../../functions/mner/index.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { STAGES } from "../../../schemas/stages/index.ts";
import { runContext } from "../../support/run-context.ts";

const mner = await loadMner();
const context = runContext();
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
])("finds the names in: %s", async (text, expected) => {
  expect(await found(text)).toEqual(expected);
});

test("gives each mention as the exact slice of the text, with a probability, in any Unicode", async () => {
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

test("leaves out the mark when a mention is a hashtag", async () => {
  const { mentions } = await run({ text: "Messi scores for #Barcelona again, Lionel Messi is back in Barcelona" });
  for (const { text } of mentions) expect(text).not.toMatch(/^[@#]/);
  expect(mentions.map(({ text }) => text)).toContain("Lionel Messi");
});

test.each([
  ["Eileen Collins smiles. Eileen Collins's suit is orange.", ["PER Eileen Collins", "PER Eileen Collins"]],
  ["Apple's event in London's O2", ["ORG Apple", "LOC London"]],
  ["The Trump-Biden debate tonight", ["PER Trump", "PER Biden"]],
  ["A Houston-based startup", ["LOC Houston"]],
  ["visit Rome.Great city", ["LOC Rome"]],
  ["Jay-Z is here", ["PER Jay-Z"]],
  ["Alex Oxlade-Chamberlain scores", ["PER Alex Oxlade-Chamberlain"]],
  ["We played in Boston\nChicago is next", ["LOC Boston", "LOC Chicago"]],
  ["Look https://t.co/x,Venice from above", ["LOC Venice"]],
  ["Lunch in #NewYork with @NASA", ["LOC NewYork", "ORG NASA"]],
])("ends the names where they end in: %j", async (text, expected) => {
  expect(await found(text)).toEqual(expected);
});

test("says where it is not sure that there is no name, and never inside a mention", async () => {
  const text = "lunch at marlowe with sam then the bean";
  const { mentions, doubts = [] } = STAGES.mner.output.parse(await run({ text }));
  expect(doubts.length).toBeGreaterThan(0);
  for (const { start, end, score } of doubts) {
    expect(text.slice(start, end)).toMatch(/^\S+$/);
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(0.999);
    expect(mentions.some((mention) => mention.start < end && start < mention.end)).toBe(false);
  }
  expect((await run({ text: "i am so tired of this" })).doubts).toEqual([]);
  expect((await run({ text: "marlowe sam bean ".repeat(100) })).doubts?.length).toBeLessThanOrEqual(
    LIMITS.mentionDoubts,
  );
});

test("counts offsets in the tokens joined by one space when the post comes as tokens", async () => {
  const { mentions } = await run({ tokens: ["@", "NASA", "'s", "Eileen", "Collins", "is", "in", "Houston", "."] });
  expect(mentions.map(({ text, start, end }) => [text, start, end])).toEqual([
    ["NASA", 2, 6],
    ["Eileen Collins", 10, 24],
    ["Houston", 31, 38],
  ]);
});

test.each(["", "   ", "…", "👍"])("finds nothing and reports no problem when the text is %j", async (text) => {
  expect(await run({ text })).toMatchObject({ mentions: [], problems: [] });
});

test("reports the script and still finds Latin names when the text is in another script", async () => {
  const { mentions, problems } = await run({
    text: "Астронавт Eileen Collins прилетела сегодня утром вместе со своим экипажем",
  });
  expect(problems).toMatchObject([{ code: "script_not_covered", detail: expect.stringContaining("Cyrillic") }]);
  expect(mentions.map(({ text }) => text)).toContain("Eileen Collins");
});
