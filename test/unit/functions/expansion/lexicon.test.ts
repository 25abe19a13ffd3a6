import { describe, expect, it } from "vitest";
import { createLexicon } from "../../../../functions/expansion/lexicon.ts";

const lexicon = createLexicon({
  living: "cat singer",
  things: "boat",
  glosses: { "golden gate bridge": { LOC: "a suspension bridge" } },
});

describe("createLexicon", () => {
  it("finds a gloss whatever the case and the form of the letters", () => {
    expect(lexicon.gloss("GOLDEN Gate Ｂridge", "LOC")).toBe("a suspension bridge");
  });

  it("returns null when the name has no gloss of this type, or is a key of every object", () => {
    expect(lexicon.gloss("Golden Gate Bridge", "PER")).toBeNull();
    for (const name of ["__proto__", "constructor", ""]) expect(lexicon.gloss(name, "LOC")).toBeNull();
  });

  it.each([
    ["cat", "living"],
    ["boat", "thing"],
    ["the", null],
    ["", null],
  ])("tells the kind of %j: %s", (noun, kind) => {
    expect(lexicon.kind(noun)).toBe(kind);
  });
});
