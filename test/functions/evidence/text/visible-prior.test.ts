import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Counted, PRIOR_TABLE } from "../../../../functions/evidence/text/prior-table.ts";
import { DENIED, groupsOf, visiblePrior } from "../../../../functions/evidence/text/visible-prior.ts";
import { ENTITY_TYPES } from "../../../../schemas/primitives.ts";

const person = (text: string) => ({ text, type: "PER" });
const ANA = person("Ana Ruiz");
const prior = (text: string) => visiblePrior([ANA], text)[0] ?? Number.NaN;
const share = ([visible, all]: Counted = [0, 0]) => visible / all;

describe("without a text", () => {
  test("a PER name has the share of its place among the PER names", () => {
    const names = [person("Ana"), { text: "Lima", type: "LOC" }, person("Berta")];
    const { groups } = PRIOR_TABLE.PER;
    expect(visiblePrior(names, undefined)).toEqual([
      share(groups["1 of 2"]),
      share(PRIOR_TABLE.LOC.groups["beside PER"]),
      share(groups["2 of 2"]),
    ]);
  });

  test("a fourth of five is counted as a third of three", () => {
    const names = ["A", "B", "C", "D", "E"].map(person);
    expect(groupsOf(names)).toEqual(["1 of 3", "2 of 3", "3 of 3", "3 of 3", "3 of 3"]);
    expect(visiblePrior(names, undefined)[3]).toBe(share(PRIOR_TABLE.PER.groups["3 of 3"]));
  });

  test("an unknown type has the share of all types", () => {
    expect(visiblePrior([{ text: "Ana", type: "toString" }, { text: "Lima" }], undefined)).toEqual([
      4696 / 11705,
      4696 / 11705,
    ]);
  });

  test("so has a name that the text lacks", () => {
    expect(prior("Nobody is named here")).toBe(share(PRIOR_TABLE.PER.groups["1 of 1"]));
    expect(visiblePrior([{ type: "PER" }], "text")).toEqual([share(PRIOR_TABLE.PER.groups["1 of 1"])]);
  });
});

describe("with a text", () => {
  test("a credit is at most its share, and a denial has the prior that was set", () => {
    expect(prior("Sunset over the bay. Photo by Ana Ruiz")).toBeLessThanOrEqual(share(PRIOR_TABLE.PER.cues.credit));
    expect(prior("Great night (via Ana Ruiz)")).toBeLessThanOrEqual(share(PRIOR_TABLE.PER.cues.credit));
    expect(prior("Ana Ruiz is not in this picture")).toBe(DENIED);
  });

  test("orders texts as the corpus does", () => {
    const texts = [
      "A book that I love by Ana Ruiz",
      "A poem that sounds like Ana Ruiz",
      "Tonight I went to see Ana Ruiz play",
      "Happy birthday Ana Ruiz , who turns 30 today",
    ];
    const priors = texts.map(prior);
    expect(priors).toEqual(priors.toSorted((a, b) => a - b));
  });

  test("mourning is no denial", () => {
    expect(prior("RIP Ana Ruiz , gone too soon")).toBeGreaterThan(0.5);
  });

  test("gives each entity a probability, whatever the text", () => {
    const name = fc.constantFrom("Ana", "Ana Ruiz", "", "by", "📷");
    const entity = fc.record({ text: name, type: fc.constantFrom(...ENTITY_TYPES, "animal") });
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(name).map((words) => words.join(" by ")),
    );
    fc.assert(
      fc.property(fc.array(entity, { maxLength: 5 }), text, (entities, written) => {
        const priors = visiblePrior(entities, written);
        expect(priors).toHaveLength(entities.length);
        for (const chance of priors) expect(chance > 0 && chance < 1).toBe(true);
      }),
    );
  });
});
