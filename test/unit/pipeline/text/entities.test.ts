import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Mention } from "../../../../schemas/stages/mner.ts";
import { foldName, groupEntities } from "../../../../src/pipeline/text/entities.ts";
import { mention } from "../../../support/mention.ts";

describe("entities", () => {
  test.each([
    ["NASA", "nasa"],
    ["@NASA", "#nasa"],
    ["Straße", "STRASSE"],
    ["ＮＡＳＡ", "NASA"],
    ["Beyonce\u0301", "BEYONCÉ"],
    ["Tom  Hanks", "Tom Hanks"],
    ["New\nYork", "New York"],
    ["#EileenCollins", "Eileen Collins"],
    ["O’Brien", "O'Brien"],
    ["Johnson &amp; Johnson", "Johnson & Johnson"],
    ["Ei\u00adleen", "𝓔𝓲𝓵𝓮𝓮𝓷"],
    ["Rolls–Royce", "Rolls-Royce"],
    ["ΟΔΟΣ", "οδός".normalize("NFD").replace(/\p{Mn}/gu, "")],
  ])("takes %s and %s for one name", (one, other) => {
    expect(foldName(one)).toBe(foldName(other));
  });

  test("groups mentions by name and type, and loses none", () => {
    const name = fc.constantFrom("NASA", "@nasa", "#NASA", "Felix", "felix", "ESA");
    const mentions = fc.array(
      fc.record({
        name,
        type: fc.constantFrom("PER", "ORG") as fc.Arbitrary<Mention["type"]>,
        score: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      }),
    );
    fc.assert(
      fc.property(mentions, (list) => {
        const all = list.map((one, index) => mention(one.name, index * 10, one.type, one.score));
        const entities = groupEntities(all);
        expect(entities.flatMap((entity) => entity.mentions).toSorted((a, b) => a.start - b.start)).toEqual(all);
        expect(new Set(entities.map(({ text, type }) => `${type} ${foldName(text)}`)).size).toBe(entities.length);
        expect(entities.map(({ id }) => id)).toEqual(entities.map((_, index) => `e${index + 1}`));
      }),
    );
  });
});
