import { describe, expect, test } from "vitest";
import { reduceWordNet } from "../../../../scripts/lexicon/wordnet.ts";

/** A line of data.noun: `@` makes a common noun, `@i` an instance. */
const synset = (offset: string, file: string, words: string[], pointer: string, gloss: string) =>
  `${offset} ${file} n ${words.length.toString(16).padStart(2, "0")} ${words.map((word) => `${word} 0`).join(" ")} 001 ${pointer} 00001740 n 0000 | ${gloss}`;
/** A line of index.noun, with one kind of pointer. */
const lemma = (word: string, ...offsets: string[]) =>
  `${word} n ${offsets.length} 1 @ ${offsets.length} 0 ${offsets.join(" ")}`;

const DATA = [
  "  1 This software is provided as is.  ",
  synset("00000001", "18", ["Grace_Hopper"], "@i", "American programmer (1906-1992); she said much"),
  synset("00000002", "18", ["Daniel"], "@i", "a prophet"),
  synset("00000003", "15", ["Houston"], "@i", 'a city in Texas; "he went to Houston"'),
  synset("00000004", "14", ["Mensa"], "@i", "a society"),
  synset("00000005", "06", ["Titanic"], "@i", "a ship"),
  synset("00000006", "05", ["cat"], "@", "a small animal"),
  synset("00000007", "06", ["tower"], "@", "a tall building"),
  synset("00000008", "15", ["Houston"], "@i", "a second place of that name"),
];
const INDEX = [
  "  1 This software is provided as is.  ",
  lemma("grace_hopper", "00000001"),
  lemma("daniel", "00000002"),
  lemma("houston", "00000003", "00000008"),
  lemma("mensa", "00000004"),
  lemma("titanic", "00000005"),
  lemma("cat", "00000006"),
  lemma("tower", "00000007"),
];
const lexicon = JSON.parse(reduceWordNet(DATA, INDEX)) as {
  licence: string;
  living: string;
  things: string;
  glosses: Record<string, Record<string, string>>;
};

describe("reduceWordNet", () => {
  test("keeps the licence, without its line numbers", () => {
    expect(lexicon.licence).toBe("This software is provided as is.");
  });

  test("divides common nouns into living things and others", () => {
    expect([lexicon.living, lexicon.things]).toEqual(["cat", "tower"]);
  });

  test("cuts dates and examples off a gloss", () => {
    expect(lexicon.glosses["grace hopper"]).toEqual({ PER: "American programmer" });
    expect(lexicon.glosses.mensa).toEqual({ ORG: "a society" });
  });

  test("keeps the gloss of the most frequent sense when several have the same type", () => {
    expect(lexicon.glosses.houston).toEqual({ LOC: "a city in Texas" });
  });

  test("lists an artifact as a place and as something else", () => {
    expect(lexicon.glosses.titanic).toEqual({ LOC: "a ship", OTHER: "a ship" });
  });

  test("leaves out a person of one name", () => {
    expect(lexicon.glosses.daniel).toBeUndefined();
  });

  test("cuts a long gloss at a word, within 120 characters", () => {
    const long = reduceWordNet(
      [synset("00000001", "14", ["Mensa"], "@i", "a society ".repeat(20))],
      [lemma("mensa", "00000001")],
    );
    expect(JSON.parse(long).glosses.mensa.ORG).toMatch(/^(?:a society ){11}a$/);
  });
});
