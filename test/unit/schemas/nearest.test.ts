import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearestName } from "../../../schemas/nearest.ts";

const KNOWN = ["thresholds", "labels", "max_entities", "offset_encoding", "text"];

describe("nearestName", () => {
  test.each([
    ["a letter is missing", "threshold", "thresholds"],
    ["neighbours are swapped", "lables", "labels"],
    ["case and underscores differ", "maxEntities", "max_entities"],
    ["hyphens stand for underscores", "Offset-Encoding", "offset_encoding"],
  ])("returns the known name when %s", (_case, name, meant) => {
    expect(nearestName(name, KNOWN)).toBe(meant);
  });

  test("returns null when nothing is near", () => {
    expect(nearestName("webhook", KNOWN)).toBeNull();
    expect(nearestName("tokn", ["text"])).toBeNull();
    expect(nearestName("anything", [])).toBeNull();
  });

  test("allows no more edits than the given maximum", () => {
    expect(nearestName("thresold", KNOWN, 2)).toBe("thresholds");
    expect(nearestName("thresold", KNOWN, 1)).toBeNull();
  });

  const word = fc.stringMatching(/^[a-z]{6,20}$/);

  test("finds a name again when one of its letters was dropped, replaced or swapped with the next", () => {
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom("drop", "replace", "swap"), (name, place, edit) => {
        const at = place % (name.length - 1);
        const [before, letter, next, after] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)];
        const edited = {
          drop: before + next + after,
          replace: `${before}9${next}${after}`,
          swap: before + next + letter + after,
        };
        expect(nearestName(edited[edit], [name], 1)).toBe(name);
      }),
    );
  });

  test("is symmetric: the near name of the near name is the name", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        fc.pre(Math.ceil(a.length / 3) >= 3 && Math.ceil(b.length / 3) >= 3);
        expect(nearestName(a, [b]) === b).toBe(nearestName(b, [a]) === a);
      }),
    );
  });
});
