import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TextLine } from "../../../../functions/detect/text.ts";
import { alignments, findPrinted } from "../../../../functions/evidence/printed-name.ts";

/** A line of letters 10 pixels wide each. */
function line(text: string, score = 0.9): TextLine {
  const letters = [...text].map((_, index) => ({ x: index * 10 + 5, score }));
  return { text, score, letters, box: { xmin: 0, ymin: 0, xmax: text.length * 10, ymax: 20 } };
}
const texts = (name: string, ...printed: string[]) => {
  return findPrinted(
    name,
    printed.map((text) => line(text)),
  ).map((found) => printed[found.line]?.slice(found.start, found.end));
};

describe("findPrinted", () => {
  it.each([
    ["Northwind", "NORTHWIND", "NORTHWIND"],
    ["Lisbon", "Lisbon, 12 June", "Lisbon"],
    ["Aurora Quartet", "the AURORAQUARTET live", "AURORAQUARTET"],
    ["Northwind", "N0RTHWIND", "N0RTHWIND"],
    ["Café Müller", "CAFE MULLER", "CAFE MULLER"],
    ["MIT", "at M.I.T. today", "M.I.T"],
    ["Washington Post", "TheWashingtonPost", "WashingtonPost"],
  ])("finds %s in %s", (name, printed, part) => {
    expect(texts(name, printed)).toEqual([part]);
  });

  it.each([
    ["Paris", "a comparison"],
    ["MIT", "COMMITTEE"],
    ["Nike", "Mike"],
    ["Lisbon", "Lisboa"],
    ["Porto", "PORTOALEGRE"],
    ["Aurora Quartet", "Aurora"],
    ["Northwind", "Southwind"],
    ["C", "C"],
    ["…", "…"],
    ["Northwind", ""],
  ])("does not find %s in %s", (name, printed) => {
    expect(texts(name, printed)).toEqual([]);
  });

  it("finds the name in each line that has it", () => {
    expect(texts("Northwind", "NORTHWIND", "MUSIC FESTIVAL", "northwind.example")).toEqual(["NORTHWIND", "northwind"]);
  });

  it("cuts the box halfway to the neighbouring letters", () => {
    const [found] = findPrinted("Lisbon", [line("in Lisbon!")]);
    expect(found?.box).toEqual({ xmin: 30, ymin: 0, xmax: 90, ymax: 20 });
  });

  it("scores the matched letters alone, and lower when one differs", () => {
    const printed = line("Northwind ???");
    const letters = printed.letters.map((letter, index) => ({ ...letter, score: index < 9 ? 0.9 : 0.1 }));
    expect(findPrinted("Northwind", [{ ...printed, letters }])[0]?.score).toBeCloseTo(0.9, 9);
    expect(findPrinted("Northwynd", [{ ...printed, letters }])[0]?.score).toBeCloseTo((0.9 * 8) / 9, 9);
  });

  it("finds any name of two letters or more that is printed alone, in any case and spacing", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 4 }), (words) => {
        expect(texts(words.join(" "), words.join("").toUpperCase())).toEqual([words.join("").toUpperCase()]);
      }),
    );
  });
});

describe("alignments", () => {
  /** Edit distance, by its definition. */
  function distance(a: readonly string[], b: readonly string[]): number {
    if (a.length === 0 || b.length === 0) return a.length + b.length;
    const [restA, restB] = [a.slice(1), b.slice(1)];
    return Math.min(distance(restA, restB) + (a[0] === b[0] ? 0 : 1), distance(restA, b) + 1, distance(a, restB) + 1);
  }
  const letters = (maxLength: number) => fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength });

  it("give for each end the nearest run of letters, with its true distance", () => {
    fc.assert(
      fc.property(letters(4), letters(6), (wanted, printed) => {
        for (const { from, to, edits } of alignments(wanted, printed)) {
          expect(distance(wanted, printed.slice(from, to))).toBe(edits);
          const starts = Array.from({ length: to }, (_, start) => distance(wanted, printed.slice(start, to)));
          expect(Math.min(wanted.length, ...starts)).toBe(edits);
        }
      }),
      { numRuns: 100 },
    );
  });
});
