import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DetectedObject } from "../../../../functions/detect/objects.ts";
import { linkObjects, type SoughtName } from "../../../../functions/evidence/link-objects.ts";
import { PERSON } from "../../../../functions/evidence/looking.ts";
import type { StatedPlace } from "../../../../functions/evidence/text/stated.ts";

const SIZE = { width: 900, height: 600 };
const person = (xmin: number, width = 200, score = 0.9): DetectedObject => ({
  label: "person",
  box: { xmin, ymin: 50, xmax: xmin + width, ymax: 600 },
  score,
});
const name = (prior = 0.66, more: Partial<SoughtName> = {}): SoughtName => ({
  prior,
  stated: null,
  excluded: false,
  printed: false,
  ...more,
});
const inRow = (index: number, of: number): StatedPlace => ({
  kind: "row",
  row: 0,
  index,
  of,
  from: "left",
  open: false,
  level: null,
});
const link = (names: SoughtName[], objects: DetectedObject[], anyTrace = objects.length > 0) =>
  linkObjects(names, objects, anyTrace, PERSON, SIZE);

describe("linkObjects", () => {
  test("is sure of the only person under the only name", () => {
    const [found] = link([name()], [person(100)]);
    expect(found).toMatchObject({ basis: "only_candidate", alternatives: [] });
    expect(found?.score).toBeGreaterThan(0.8);
    expect(found?.visible).toBeGreaterThanOrEqual(found?.score ?? 1);
  });

  test("leaves to others an object that a printed name is rather not", () => {
    const people = [person(0, 300), person(450, 200)];
    const names = [name(0.7, { printed: true }), name(0.6), name(0.5)];
    const [ana, berta, clara] = link(names, people);
    expect(ana?.object).toBeNull();
    expect(berta?.object).toBe(people[1]);
    expect(clara?.object).toBe(people[0]);
    expect(link([name(0.7, { printed: true })], people.slice(1))[0]?.object).toBe(people[1]);
  });

  test("guesses when two names share one person, and offers the second nothing", () => {
    const [first, second] = link([name(0.68), name(0.54)], [person(100)]);
    expect(first).toMatchObject({ basis: "guess", object: person(100) });
    expect(second?.object).toBeNull();
    expect((first?.score ?? 0) + (second?.visible ?? 0)).toBeLessThan(1.1);
  });

  test("guesses when two people share one name, and names the other as an alternative", () => {
    const [found] = link([name()], [person(100), person(500)]);
    expect(found).toMatchObject({ basis: "guess", alternatives: [person(500)] });
    expect(found?.score).toBeLessThan(0.5);
    expect(found?.visible).toBeGreaterThan(0.7);
  });

  test("follows stated places, and shares what is left among the other names", () => {
    const people = [person(600), person(20), person(300, 260)];
    const [ana, berta, carl] = link(
      [name(0.5, { stated: inRow(0, 3) }), name(), name(0.5, { stated: inRow(2, 3) })],
      people,
    );
    expect(ana).toMatchObject({ basis: "stated_position", object: person(20) });
    expect(carl).toMatchObject({ basis: "stated_position", object: person(600) });
    expect(berta).toMatchObject({ basis: "only_candidate", object: person(300, 260) });
  });

  test("guesses when the text lists more people than there are", () => {
    const names = [0, 1, 2].map((index) => name(0.6, { stated: inRow(index, 3) }));
    for (const { basis } of link(names, [person(20), person(500)])) expect(basis).toBe("guess");
  });

  test("gives no object to a name that the text excludes", () => {
    const [excluded, other] = link([name(0.06, { excluded: true }), name()], [person(100)]);
    expect(excluded).toMatchObject({ object: null, visible: 0.06 });
    expect(other).toMatchObject({ basis: "only_candidate", object: person(100) });
  });

  test("says how probable a name is when nothing, or a trace of somebody, was found", () => {
    const [nobody] = link([name()], [], false);
    const [traced] = link([name()], [], true);
    expect(nobody?.visible).toBeLessThanOrEqual(0.1);
    expect(traced?.visible).toBeCloseTo(0.66, 9);
  });

  test("gives no object to two names, and probabilities that are probabilities, whatever is asked", () => {
    const names = fc.array(
      fc.record({
        prior: fc.double({ min: 0.01, max: 0.95, noNaN: true }),
        stated: fc.option(fc.integer({ min: 0, max: 2 }).map((index) => inRow(index, 3))),
        excluded: fc.boolean(),
        printed: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    const people = fc.array(
      fc
        .tuple(
          fc.integer({ min: 0, max: 700 }),
          fc.integer({ min: 20, max: 200 }),
          fc.double({ min: 0.4, max: 1, noNaN: true }),
        )
        .map((parts) => person(...parts)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(names, people, (asked, objects) => {
        const found = link(asked, objects);
        const given = found.flatMap(({ object }) => object ?? []);
        expect(new Set(given).size).toBe(given.length);
        for (const { visible, score } of found) {
          expect(visible).toBeGreaterThan(0);
          expect(visible).toBeLessThan(1);
          expect(score).toBeLessThanOrEqual(visible + 1e-9);
        }
      }),
    );
  });
});
