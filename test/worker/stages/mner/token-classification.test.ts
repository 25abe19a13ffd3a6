import { describe, expect, test, vi } from "vitest";
import { startModel } from "../harness.ts";

type Group = [type: string, word: string, start: number, end: number, score?: number];
/** An output of the task (`@huggingface/tasks`, token-classification). */
const groups = (...found: Group[]) =>
  found.map(([entity_group, word, start, end, score = 0.9]) => ({ entity_group, score, word, start, end }));
const start = (reply: unknown) =>
  startModel("mner", "huggingface:test/tagger", { replies: { "huggingface ": [reply] } });

async function read(text: string, ...found: Group[]): Promise<string[]> {
  return readReply(text, groups(...found));
}

test("sends the text in one request and reads the groups", async () => {
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

test("joins tokens, and drops groups in the knowledge after PGIM's <EOS> (arXiv 2305.12212, section 3.3)", async () => {
  // The text has "nasa" too, where the tagger found nothing.
  const tokens = ["🚀", "Eileen", "Collins", "nasa"];
  const { run, calls } = await start(
    groups(["PER", "Eileen Collins", 2, 16], ["ORG", "NASA", 28, 32], ["PER", "nasa <EOS> NASA", 17, 32]),
  );
  const { mentions } = await run({ tokens, knowledge: "NASA flew her.", labels: "gmner" });
  expect((await calls())[0]?.body).toMatchObject({ inputs: "🚀 Eileen Collins nasa <EOS> NASA flew her." });
  expect(mentions).toMatchObject([{ text: "Eileen Collins", start: 3, end: 17 }]);
});

test("asks for windows when the text is longer than most taggers read at once", async () => {
  const { run, calls } = await start([]);
  expect((await run({ text: "Houston ".repeat(200), labels: "gmner" })).mentions).toEqual([]);
  expect((await calls())[0]?.body).toMatchObject({ parameters: { aggregation_strategy: "simple", stride: 64 } });
});

describe("the position of a group", () => {
  test.each<[what: string, text: string, found: Group[], mentions: string[]]>([
    [
      "positions in code points, as Python counts them",
      "🚀🚀 Houston and Houston",
      [["LOC", "Houston", 15, 22]],
      ["17 Houston LOC"],
    ],
    ["positions in UTF-16 code units", "🚀🚀 Houston", [["LOC", "Houston", 5, 12]], ["5 Houston LOC"]],
    [
      "positions in code points and another spelling",
      "🚀🚀 São Paulo",
      [["LOC", "sao paulo", 3, 12]],
      ["5 São Paulo LOC"],
    ],
    [
      "positions in UTF-16 code units and another spelling",
      "🚀🚀 São Paulo",
      [["LOC", "sao paulo", 5, 14]],
      ["5 São Paulo LOC"],
    ],
    ["wrong positions, near an occurrence", "Houston, oh Houston", [["LOC", "Houston", 10, 17]], ["12 Houston LOC"]],
    [
      "a tokeniser's spelling, in lower case, without accents and with spaces",
      "J.Lo in São Paulo",
      [
        ["PER", "j . lo", 0, 4],
        ["LOC", "sao paulo", 8, 17],
      ],
      ["0 J.Lo PER", "8 São Paulo LOC"],
    ],
    ["a leading space", "in Houston", [["LOC", " Houston", 2, 10]], ["3 Houston LOC"]],
    ["a tokeniser's mark", "in Houston", [["LOC", "▁Houston", 3, 10]], ["3 Houston LOC"]],
    [
      "pieces of one word with different tags",
      "see Microsoft now",
      [
        ["ORG", "micro", 4, 9, 0.6],
        ["OTHER", "##soft", 9, 13, 0.7],
      ],
      ["4 Microsoft OTHER"],
    ],
    [
      "a name whose last piece is a group of its own",
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
      "words that are not in the text",
      "in Houston",
      [
        ["LOC", "Mars", 3, 7],
        ["LOC", "", 3, 3],
      ],
      [],
    ],
    [
      "positions outside the text",
      "in Houston",
      [
        ["LOC", "Houston", -5, 2],
        ["LOC", "Houston", 900, 907],
      ],
      ["3 Houston LOC"],
    ],
    ["a name after a keycap", "1️⃣Paris", [["LOC", "Paris", 3, 8]], ["3 Paris LOC"]],
    ["a keycap and a name", "1️⃣Paris", [["LOC", "1️⃣Paris", 0, 8]], ["3 Paris LOC"]],
    ["a name before a keycap", "Paris1️⃣", [["LOC", "Paris1", 0, 6]], ["0 Paris LOC"]],
    ["a name and an emoji", "Paris❤️ now", [["LOC", "Paris❤️", 0, 7]], ["0 Paris LOC"]],
    ["an emoji's mark after a name", "Paris️ now", [["LOC", "Paris", 0, 5]], ["0 Paris LOC"]],
    ["an arrow and a name", "→Paris", [["LOC", "→Paris", 0, 6]], ["1 Paris LOC"]],
    [
      "a joined emoji and a name, in code points",
      "👩‍🚀Eileen Collins",
      [["PER", "👩‍🚀Eileen Collins", 0, 17]],
      ["5 Eileen Collins PER"],
    ],
    [
      "names that end in a mark",
      "the U.S. and Yahoo!",
      [
        ["LOC", "U.S.", 4, 8],
        ["ORG", "Yahoo!", 13, 19],
      ],
      ["4 U.S. LOC", "13 Yahoo! ORG"],
    ],
    ["an emoji only", "in ❤️", [["LOC", "❤️", 3, 5]], []],
    ["punctuation only", "in Houston!", [["LOC", "!", 10, 11]], []],
    ["half a character", "🚀 in", [["LOC", "\ud83d", 0, 1]], []],
  ])("is found again when the groups have %s", async (_, text, found, mentions) => {
    expect(await read(text, ...found)).toEqual(mentions);
  });
});

describe("the type", () => {
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
  ])("of the tag %j is %s", async (tag, type) => {
    expect(await read("Houston", [tag, "Houston", 0, 7])).toEqual(type === null ? [] : [`0 Houston ${type}`]);
  });
});

/** A token as hosts answer it that do not group. */
const token = (entity: string, word: string, index: number | null, start: number | null, end: number | null) => ({
  ...{ entity, word, index, start, end },
  score: 0.9,
});

async function readReply(text: string, reply: unknown): Promise<string[]> {
  const { run } = await start(reply);
  const { mentions } = await run({ text, labels: "gmner" });
  for (const mention of mentions) expect(text.slice(mention.start, mention.end)).toBe(mention.text);
  return mentions.map((mention) => `${mention.start} ${mention.text} ${mention.type}`);
}

describe("an answer in another form than the task's schema", () => {
  test.each<[what: string, text: string, reply: unknown, mentions: string[]]>([
    [
      "groups in a list for each text",
      "Collins in Houston",
      [groups(["PER", "Collins", 0, 7], ["LOC", "Houston", 11, 18])],
      ["0 Collins PER", "11 Houston LOC"],
    ],
    [
      "groups without positions, in the order of the text",
      "Houston, oh Houston and Zürich",
      ["houston", "Houston", "▁Zürich"].map((word) => ({
        entity_group: "LOC",
        score: 0.9,
        word,
        start: null,
        end: null,
      })),
      ["0 Houston LOC", "12 Houston LOC", "24 Zürich LOC"],
    ],
    [
      "groups that call their tag entity",
      "Eileen Collins",
      [token("PER", "Eileen Collins", null, 0, 14)],
      ["0 Eileen Collins PER"],
    ],
    [
      "pieces of SentencePiece in one word",
      "in New York",
      [{ entity_group: "LOC", score: 0.9, word: "▁New▁York", start: 3, end: 11 }],
      ["3 New York LOC"],
    ],
    [
      "pieces of a byte-level tokeniser in one word",
      "in Ġorġ’s Zürich",
      [
        { entity_group: "PER", score: 0.9, word: "Ġorġ", start: 3, end: 7 },
        { entity_group: "LOC", score: 0.9, word: "ĠZÃ¼rich", start: null, end: null },
      ],
      ["3 Ġorġ PER", "10 Zürich LOC"],
    ],
    [
      "tokens of WordPiece",
      "🚀 Eileen Collins met Felix",
      [
        token("B-PER", "Eileen", 2, 2, 8),
        token("I-PER", "Coll", 3, 9, 13),
        token("I-PER", "##ins", 4, 13, 16),
        token("B-PER", "Felix", 6, 21, 26),
      ],
      ["3 Eileen Collins PER", "22 Felix PER"],
    ],
    [
      "tokens of a byte-level tokeniser, without positions",
      "São Paulo and Rome",
      [
        token("B-LOC", "SÃ£", 1, null, null),
        token("I-LOC", "o", 2, null, null),
        token("I-LOC", "ĠPaulo", 3, null, null),
        token("B-LOC", "ĠRome", 5, null, null),
      ],
      ["0 São Paulo LOC", "14 Rome LOC"],
    ],
    [
      "tokens of SentencePiece, each with a B of its own inside one word",
      "in Houston",
      [token("B-LOC", "▁Hous", null, 3, 7), token("B-LOC", "ton", null, 7, 10)],
      ["3 Houston LOC"],
    ],
    [
      "tokens without numbers and positions",
      "Eileen Collins and Felix",
      [
        token("B-PER", "Eileen", null, null, null),
        token("I-PER", "Collins", null, null, null),
        token("B-PER", "Felix", null, null, null),
      ],
      ["0 Eileen Collins PER", "19 Felix PER"],
    ],
    [
      "tags without a B: neighbours are one name, others are not",
      "Eileen Collins, Felix",
      [token("PER", "Eileen", null, 0, 6), token("PER", "Collins", null, 7, 14), token("PER", "Felix", null, 16, 21)],
      ["0 Eileen Collins PER", "16 Felix PER"],
    ],
    [
      "a B or another type, which begin a name",
      "Eileen Felix NASA",
      [token("B-PER", "Eileen", 1, 0, 6), token("B-PER", "Felix", 2, 7, 12), token("I-ORG", "NASA", 3, 13, 17)],
      ["0 Eileen PER", "7 Felix PER", "13 NASA ORG"],
    ],
  ])("is read: %s", async (_, text, reply, mentions) => {
    expect(await readReply(text, reply)).toEqual(mentions);
  });

  test("gives a name of several tokens their mean probability", async () => {
    const reply = [
      { ...token("B-PER", "Eileen", 1, 0, 6), score: 0.5 },
      { ...token("I-PER", "Collins", 2, 7, 14), score: 1 },
    ];
    const { run } = await start(reply);
    expect((await run({ text: "Eileen Collins", labels: "gmner" })).mentions).toMatchObject([{ score: 0.75 }]);
  });
});

test("returns whole tokens, so that a caller can send the answer's mentions back", async () => {
  const { run } = await start(groups(["ORG", "NASA", 5, 9], ["LOC", "Paris", 10, 15]));
  const { mentions } = await run({ tokens: ["the", "@NASA", "Paris's"], labels: "gmner" });
  expect(mentions.map(({ text }) => text)).toEqual(["NASA", "Paris's"]);
});

test.each([
  ["tags without a meaning", groups(["LABEL_1", "Collins", 0, 7])],
  ["a list in a list in a list", [[groups(["PER", "Collins", 0, 7])]]],
  ["a position as text", [{ entity_group: "PER", score: 0.9, word: "Collins", start: "0", end: 7 }]],
  ["no words", [{ entity_group: "PER", score: 0.9, start: 0, end: 7 }]],
  ["an object", { mentions: [] }],
  ["a string", "Collins"],
  ["a score as text", [{ entity_group: "PER", score: "high", word: "Collins", start: 0, end: 7 }]],
])("throws an invalid_output when the reply has %s", async (_, reply) => {
  const { run } = await start(reply);
  await expect(run({ text: "Collins", labels: "gmner" })).rejects.toMatchObject({ code: "invalid_output" });
});

test("searches the text once for a word with which a tagger answers a thousand times", async () => {
  const text = "A ".repeat(1_000).trim();
  const { run } = await start(
    Array.from({ length: 1_000 }, () => ({ entity_group: "PER", word: "A", score: 0.9, start: null, end: null })),
  );
  const searches = vi.spyOn(String.prototype, "indexOf");
  const { mentions } = await run({ text, labels: "gmner" });
  const inText = searches.mock.contexts.filter((context) => String(context).length === text.length).length;
  searches.mockRestore();
  expect(mentions).toHaveLength(1_000);
  expect(inText).toBeLessThanOrEqual(1_001);
});
