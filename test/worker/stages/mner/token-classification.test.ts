import { describe, expect, test } from "vitest";
import { startModel } from "../harness.ts";

type Group = [type: string, word: string, start: number, end: number, score?: number];
/** As the task's schema has it: hosted-apis section 2.3. */
const groups = (...found: Group[]) =>
  found.map(([entity_group, word, start, end, score = 0.9]) => ({ entity_group, score, word, start, end }));
const start = (reply: unknown) =>
  startModel("mner", "huggingface:test/tagger", { replies: { "huggingface ": [reply] } });

async function read(text: string, ...found: Group[]): Promise<string[]> {
  const { run } = await start(groups(...found));
  const { mentions } = await run({ text, labels: "gmner" });
  for (const mention of mentions) expect(text.slice(mention.start, mention.end)).toBe(mention.text);
  return mentions.map((mention) => `${mention.start} ${mention.text} ${mention.type}`);
}

test("what it is asked and what its groups become (hosted-apis section 2.3)", async () => {
  const { run, calls, model } = await start(
    groups(["PER", "Eileen Collins", 0, 14, 0.98], ["LOC", "Houston", 22, 29, 1.0000001192]),
  );
  expect(model.covers?.("gmner")).toBe(true);
  expect([model.covers?.("fine"), model.covers?.(["ship"]), model.usesPicture]).toEqual([false, false, undefined]);
  expect(await run({ text: "Eileen Collins leaves Houston", labels: "gmner" })).toEqual({
    model: "tagger",
    version: "unversioned",
    mentions: [
      { text: "Eileen Collins", start: 0, end: 14, type: "PER", score: 0.98 },
      { text: "Houston", start: 22, end: 29, type: "LOC", score: 1 },
    ],
    problems: [],
  });
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ method: "POST", path: "/huggingface" });
  expect(call?.body).toEqual({
    inputs: "Eileen Collins leaves Houston",
    parameters: { aggregation_strategy: "simple" },
  });
});

test("tokens are joined, and what is found in the knowledge behind PGIM's mark is dropped (arXiv 2305.12212)", async () => {
  // "nasa" is a word of the text too, and the tagger found none there.
  const tokens = ["🚀", "Eileen", "Collins", "nasa"];
  const { run, calls } = await start(
    groups(["PER", "Eileen Collins", 2, 16], ["ORG", "NASA", 28, 32], ["PER", "nasa <EOS> NASA", 17, 32]),
  );
  const { mentions } = await run({ tokens, knowledge: "NASA flew her.", labels: "gmner" });
  expect((await calls())[0]?.body).toMatchObject({ inputs: "🚀 Eileen Collins nasa <EOS> NASA flew her." });
  expect(mentions).toMatchObject([{ text: "Eileen Collins", start: 3, end: 17 }]);
});

test("a text longer than most taggers read at once is read in windows", async () => {
  const { run, calls } = await start([]);
  expect((await run({ text: "Houston ".repeat(200), labels: "gmner" })).mentions).toEqual([]);
  expect((await calls())[0]?.body).toMatchObject({ parameters: { aggregation_strategy: "simple", stride: 64 } });
});

describe("where a group stands is found again", () => {
  test.each<[what: string, text: string, found: Group[], mentions: string[]]>([
    ["code points, as Python counts", "🚀🚀 Houston and Houston", [["LOC", "Houston", 15, 22]], ["17 Houston LOC"]],
    ["UTF-16 code units", "🚀🚀 Houston", [["LOC", "Houston", 5, 12]], ["5 Houston LOC"]],
    [
      "code points of a word that is spelt otherwise",
      "🚀🚀 São Paulo",
      [["LOC", "sao paulo", 3, 12]],
      ["5 São Paulo LOC"],
    ],
    ["UTF-16 code units of one", "🚀🚀 São Paulo", [["LOC", "sao paulo", 5, 14]], ["5 São Paulo LOC"]],
    ["nowhere near: the nearest of its word", "Houston, oh Houston", [["LOC", "Houston", 10, 17]], ["12 Houston LOC"]],
    [
      "a tokeniser's spelling: lower case, no accents, spaces",
      "J.Lo in São Paulo",
      [
        ["PER", "j . lo", 0, 4],
        ["LOC", "sao paulo", 8, 17],
      ],
      ["0 J.Lo PER", "8 São Paulo LOC"],
    ],
    ["a space before it", "in Houston", [["LOC", " Houston", 2, 10]], ["3 Houston LOC"]],
    ["marks of pieces", "in Houston", [["LOC", "▁Houston", 3, 10]], ["3 Houston LOC"]],
    [
      "a word in pieces with different tags: whole, the longest, the surest",
      "see Microsoft now",
      [
        ["ORG", "micro", 4, 9, 0.6],
        ["OTHER", "##soft", 9, 13, 0.7],
      ],
      ["4 Microsoft OTHER"],
    ],
    [
      "a name whose last piece is apart",
      "Eileen Collins",
      [
        ["PER", "Eileen Col", 0, 10],
        ["LOC", "##lins", 10, 14, 0.99],
      ],
      ["0 Eileen Collins PER"],
    ],
    [
      "the mark of a handle",
      "@NASA #Houston",
      [
        ["ORG", "@ NASA", 0, 5],
        ["LOC", "#Houston", 6, 14],
      ],
      ["1 NASA ORG", "7 Houston LOC"],
    ],
    [
      "not in the text",
      "in Houston",
      [
        ["LOC", "Mars", 3, 7],
        ["LOC", "", 3, 3],
      ],
      [],
    ],
    [
      "out of the text",
      "in Houston",
      [
        ["LOC", "Houston", -5, 2],
        ["LOC", "Houston", 900, 907],
      ],
      ["3 Houston LOC"],
    ],
    ["signs alone", "in Houston!", [["LOC", "!", 10, 11]], []],
    ["half a character", "🚀 in", [["LOC", "\ud83d", 0, 1]], []],
  ])("%s", async (_, text, found, mentions) => {
    expect(await read(text, ...found)).toEqual(mentions);
  });
});

describe("tags of every tradition become GMNER's four, and what is no name is dropped", () => {
  test.each([
    ["PER", "PER"],
    ["B-PER", "PER"],
    ["person", "PER"],
    ["person-actor", "PER"],
    ["GPE", "LOC"],
    ["FAC", "LOC"],
    ["geo-loc", "LOC"],
    ["location", "LOC"],
    ["corporation", "ORG"],
    ["group", "ORG"],
    ["ORGANIZATION", "ORG"],
    ["MISC", "OTHER"],
    ["creative_work", "OTHER"],
    ["creative-work", "OTHER"],
    ["WORK_OF_ART", "OTHER"],
    ["event", "OTHER"],
    ["product", "OTHER"],
    ["DATE", null],
    ["CARDINAL", null],
    ["O", null],
    ["", null],
  ])("%s", async (tag, type) => {
    expect(await read("Houston", [tag, "Houston", 0, 7])).toEqual(type === null ? [] : [`0 Houston ${type}`]);
  });
});

test.each([
  [
    "tokens that nobody grouped, which the client does not take",
    [{ entity: "B-PER", score: 0.9, word: "Collins", start: 0, end: 7, index: 1 }],
  ],
  ["labels without names", groups(["LABEL_1", "Collins", 0, 7])],
  [
    "no positions, as a slow tokeniser gives none",
    [{ entity_group: "PER", score: 0.9, word: "Collins", start: null, end: null }],
  ],
  ["an object", { mentions: [] }],
  ["text", "Collins"],
  ["a score that is no number", [{ entity_group: "PER", score: "high", word: "Collins", start: 0, end: 7 }]],
])("%s", async (_, reply) => {
  const { run } = await start(reply);
  await expect(run({ text: "Collins", labels: "gmner" })).rejects.toMatchObject({ code: "invalid_output" });
});
