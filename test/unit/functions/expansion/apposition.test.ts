import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nounBeside, wordsOf } from "../../../../functions/expansion/apposition.ts";
import { createLexicon } from "../../../../functions/expansion/lexicon.ts";

const lexicon = createLexicon({ living: "cat singer", things: "boat bridge phone", glosses: {} });

describe("nounBeside", () => {
  it.each([
    ["My cat Chelsea sleeps", "Chelsea", "LOC", { noun: "cat", form: "apposed" }],
    ["the singer @Adele", "Adele", "PER", { noun: "singer", form: "apposed" }],
    ["our old boat Serenity", "Serenity", "OTHER", { noun: "boat", form: "apposed" }],
    ["on the Golden Gate bridge", "Golden Gate", "LOC", { noun: "bridge", form: "compound" }],
  ] as const)("finds the noun in: %s", (text, name, type, expected) => {
    expect(nounBeside(wordsOf(text), name, type, lexicon)).toEqual(expected);
  });

  it.each([
    ["is a thing that nobody owns", "the boat Anna", "Anna", "PER"],
    ["was given to the name", "gave Anna a cat", "Anna", "PER"],
    ["is a product of the name", "the Apple phone", "Apple", "ORG"],
    ["stands in another sentence", "I fed the cat. Anna laughed", "Anna", "PER"],
    ["belongs to a longer name", "my cat Annabel", "Anna", "PER"],
  ] as const)("returns null when the noun %s", (_, text, name, type) => {
    expect(nounBeside(wordsOf(text), name, type, lexicon)).toBeNull();
  });

  it("looks at every mention until one has a noun", () => {
    expect(nounBeside(wordsOf("Oscar! Oscar? Look, Oscar the cat."), "Oscar", "PER", lexicon)?.noun).toBe("cat");
  });

  it("returns null when the name has no word, whatever the post", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(nounBeside(wordsOf(text), "", "PER", lexicon)).toBeNull();
      }),
    );
  });
});
