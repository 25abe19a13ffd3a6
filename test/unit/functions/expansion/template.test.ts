import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wordsOf } from "../../../../functions/expansion/apposition.ts";
import { createLexicon } from "../../../../functions/expansion/lexicon.ts";
import { expand } from "../../../../functions/expansion/template.ts";
import type { EntityType } from "../../../../schemas/primitives.ts";

const lexicon = createLexicon({
  living: "actor astronaut cat dog lover singer student",
  things: "boat book bridge car phone pizza bus",
  glosses: {
    chelsea: { LOC: "a district of London" },
    "golden gate bridge": {
      LOC: "a suspension bridge across the Golden Gate",
      OTHER: "a suspension bridge across the Golden Gate",
    },
    "oscar wilde": { PER: "Irish writer and wit" },
  },
});
const expression = (text: string, name: string, type: EntityType) => expand(wordsOf(text), name, type, lexicon);

describe("expand by type", () => {
  it.each([
    ["PER", "a person named Anna"],
    ["LOC", "a place called Anna"],
    ["ORG", "the logo or name of Anna"],
    ["OTHER", "Anna"],
  ] as const)("gives a %s the expression: %s", (type, expected) => {
    expect(expression("Hello Anna!", "Anna", type)).toBe(expected);
  });
});

describe("expand by gloss", () => {
  it("adds the gloss when the lexicon has the name with this type", () => {
    expect(expression("Oscar Wilde never came", "Oscar Wilde", "PER")).toBe("Oscar Wilde, Irish writer and wit");
    expect(expression("GOLDEN GATE BRIDGE", "GOLDEN GATE BRIDGE", "LOC")).toBe(
      "GOLDEN GATE BRIDGE, a suspension bridge across the Golden Gate",
    );
  });

  it("falls back to the type when the gloss is of another type", () => {
    expect(expression("Chelsea was here", "Chelsea", "PER")).toBe("a person named Chelsea");
    expect(expression("Chelsea won", "Chelsea", "ORG")).toBe("the logo or name of Chelsea");
    expect(expression("off to Chelsea", "Chelsea", "LOC")).toBe("Chelsea, a district of London");
  });

  it("prefers the noun beside the name to the gloss", () => {
    expect(expression("My cat Chelsea sleeps", "Chelsea", "LOC")).toBe("Chelsea, the cat");
  });
});

describe("expand by the noun beside the name", () => {
  it.each([
    ["My cat Chelsea is judging me", "Chelsea", "ORG", "Chelsea, the cat"],
    ["This is Oscar the cat, named after Oscar Wilde.", "Oscar", "PER", "Oscar, the cat"],
    ["Oscar the fat cat sleeps", "Oscar", "PER", "Oscar, the cat"],
    ["Mittens, best cat in the world", "Mittens", "OTHER", "Mittens, the cat"],
    ["Mittens, cat", "Mittens", "OTHER", "Mittens, the cat"],
    ["Meet Arjun, our new film student", "Arjun", "PER", "Arjun, the student"],
    ["NASA astronaut Eileen Collins", "Eileen Collins", "PER", "Eileen Collins, the astronaut"],
    ["actor Tom Hanks at noon", "Tom Hanks", "PER", "Tom Hanks, the actor"],
    ["the singer @Adele is back", "Adele", "PER", "Adele, the singer"],
    ["our old boat Serenity", "Serenity", "PER", "Serenity, the boat"],
    ["Herbie the car!", "Herbie", "OTHER", "Herbie, the car"],
    ["Anna the cat lover sleeps", "Anna", "PER", "Anna, the lover"],
    ["on the Golden Gate bridge today", "Golden Gate", "LOC", "the Golden Gate bridge"],
  ] as const)("takes the noun in: %s", (text, name, type, expected) => {
    expect(expression(text, name, type)).toBe(expected);
  });

  it.each([
    ["the book Anna wrote", "Anna"],
    ["the pizza Anna made", "Anna"],
    ["gave Anna a cat", "Anna"],
    ["gave Anna the book", "Anna"],
    ["Anna, the pizza burns", "Anna"],
    ["Anna, the pizza!", "Anna"],
    ["thanks Anna, great pizza!", "Anna"],
    ["Anna, feed the cat", "Anna"],
    ["I fed the cat. Anna laughed", "Anna"],
    ["I saw a cat, Anna", "Anna"],
    ["Anna and the cat", "Anna"],
    ["Annabel the cat", "Anna"],
  ])("does not take a noun of another clause: %s", (text, name) => {
    expect(expression(text, name, "PER")).toBe("a person named Anna");
  });

  it("does not take a product for its maker", () => {
    expect(expression("the Apple phone", "Apple", "ORG")).toBe("the logo or name of Apple");
  });

  it("separates two names that share a word", () => {
    const text = "This is Oscar the cat, named after Oscar Wilde.";
    expect(expression(text, "Oscar Wilde", "PER")).toBe("Oscar Wilde, Irish writer and wit");
  });
});

it("expand always holds the name, whatever the post", () => {
  const name = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" });
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200, unit: "grapheme" }),
      name,
      fc.constantFrom<EntityType>("PER", "LOC", "ORG", "OTHER"),
      (text, of, type) => {
        expect(expression(`${text} ${of} ${text}`, of, type)).toContain(of);
      },
    ),
  );
});
