import { expect, test } from "vitest";
import { fill, LANGUAGE_TAGS, type Sentences, sentencesOf } from "../../../src/bots/sentences.ts";

const EN = sentencesOf("en");
const valuesIn = (sentence: string) => sentence.match(/\{\w+\}/g) ?? [];

test.each(LANGUAGE_TAGS)("%s has every sentence, with the values of the English one", (tag) => {
  const sentences = sentencesOf(tag);
  for (const [name, sentence] of Object.entries(sentences) as Array<[keyof Sentences, Sentences[keyof Sentences]]>) {
    const english = EN[name];
    if (typeof sentence === "string") {
      expect(sentence.length).toBeGreaterThan(3);
      expect([name, valuesIn(sentence)]).toEqual([name, valuesIn(english as string)]);
    } else expect(Object.keys(sentence)).toEqual(Object.keys(english));
    if (tag !== "en") expect([name, sentence]).not.toEqual([name, english]);
  }
});

test.each([
  ["de", "de"],
  ["de-AT", "de"],
  ["PT_br", "pt"],
  ["ja", "en"],
  ["constructor", "en"],
  [null, "en"],
])("a person whose language is %s is answered in %s", (tag, expected) => {
  expect(sentencesOf(tag)).toBe(sentencesOf(expected));
});

test("the help and the privacy of every language name the commands", () => {
  for (const tag of LANGUAGE_TAGS) {
    expect(sentencesOf(tag).help).toContain("{find}");
    expect(sentencesOf(tag).privacy).toContain("{forget}");
  }
});

test("a value takes the place of its name", () => {
  expect(fill(EN.pictureTooLarge, { limit: 10 })).toBe("The picture has more than 10 MB.");
  expect(fill("{a} {b}", { a: 1 })).toBe("1 {b}");
});
