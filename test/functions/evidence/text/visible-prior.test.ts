import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCues } from "../../../../functions/evidence/text/cues.ts";
import { type Counted, PRIOR_TABLE } from "../../../../functions/evidence/text/prior-table.ts";
import { DENIED, groupsOf, visiblePrior } from "../../../../functions/evidence/text/visible-prior.ts";
import { ENTITY_TYPES } from "../../../../schemas/primitives.ts";

const person = (text: string) => ({ text, type: "PER" });
const ANA = person("Ana Ruiz");
const priors = (entities: ReadonlyArray<{ text: string; type: string }>, text: string) =>
  visiblePrior(
    entities,
    readCues(
      entities.map((entity) => entity.text),
      text,
    ),
  );
const prior = (text: string) => priors([ANA], text)[0] ?? Number.NaN;
const share = ([visible, all]: Counted = [0, 0]) => visible / all;

describe("without a text", () => {
  test("a PER name has the share of its place among the PER names", () => {
    const names = [person("Ana"), { text: "Lima", type: "LOC" }, person("Berta")];
    const { groups } = PRIOR_TABLE.PER;
    expect(visiblePrior(names, [])).toEqual([
      share(groups["1 of more"]),
      share(PRIOR_TABLE.LOC.groups["beside PER"]),
      share(groups["2 of more"]),
    ]);
  });

  test("a fourth is counted as a third, and how many follow does not matter", () => {
    const names = ["A", "B", "C", "D", "E"].map(person);
    expect(groupsOf(names)).toEqual(["1 of more", "2 of more", "3 of more", "3 of more", "3 of more"]);
    expect(groupsOf(names.slice(0, 2))).toEqual(["1 of more", "2 of more"]);
    expect(visiblePrior(names, [])[3]).toBe(share(PRIOR_TABLE.PER.groups["3 of more"]));
  });

  test("an unknown type has the share of all types", () => {
    expect(visiblePrior([{ type: "toString" }, {}], [])).toEqual([4696 / 11705, 4696 / 11705]);
  });

  test("so has a name that the text lacks", () => {
    expect(prior("Nobody is named here")).toBe(share(PRIOR_TABLE.PER.groups["1 of 1"]));
    expect(visiblePrior([{ type: "PER" }], readCues([""], "text"))).toEqual([share(PRIOR_TABLE.PER.groups["1 of 1"])]);
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
    const all = texts.map(prior);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
  });

  test("what is added behind two names does not change which is likelier", () => {
    const word = fc.constantFrom("with", "and", "RIP", ",", "by", "vs", "of", ":", "!", "like", "thanks", "'s", "new");
    const words = fc.array(word, { maxLength: 5 }).map((all) => all.join(" "));
    fc.assert(
      fc.property(words, words, words, (first, second, third) => {
        const text = `${first} Ana ${second} Berta at the show`;
        const names = [person("Ana"), person("Berta")];
        const [ana = 0, berta = 0] = priors(names, text);
        const [anaNow = 0, bertaNow = 0] = priors([...names, person("Clara")], `${text} ${third} Clara`);
        expect(Math.sign(anaNow - bertaNow)).toBe(Math.sign(ana - berta));
      }),
    );
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
        const all = priors(entities, written);
        expect(all).toHaveLength(entities.length);
        for (const chance of all) expect(chance > 0 && chance < 1).toBe(true);
      }),
    );
  });
});
