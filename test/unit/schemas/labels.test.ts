import { describe, expect, test } from "vitest";
import { coarseTypeOf, FINE_TYPES, gmnerTypeOf, Labels, labelsName, typesOf } from "../../../schemas/labels.ts";
import { ENTITY_TYPES } from "../../../schemas/primitives.ts";

describe("FINE_TYPES", () => {
  test("has FMNERG's 8 coarse and 51 fine types, each fine type once", () => {
    const fine = Object.values(FINE_TYPES).flat();
    expect([Object.keys(FINE_TYPES).length, fine.length, new Set(fine).size]).toEqual([8, 51, 51]);
  });
});

describe("typesOf", () => {
  test.each([
    ["gmner" as const, 4],
    ["fine" as const, 51],
    [["ship", "port"], 2],
  ])("returns the types of %j", (labels, count) => {
    expect(typesOf(labels)).toHaveLength(count);
  });
});

describe("labelsName", () => {
  test("does not repeat the names of a caller's own list", () => {
    expect([labelsName("fine"), labelsName(["secret", "plan"])]).toEqual(['"fine"', "a list of 2 names"]);
  });
});

describe("coarseTypeOf", () => {
  test("returns the coarse type of every fine type, and null for any other name", () => {
    for (const [coarse, fine] of Object.entries(FINE_TYPES))
      for (const type of fine) expect(coarseTypeOf(type)).toBe(coarse);
    for (const type of ["PER", "toString", ""]) expect(coarseTypeOf(type)).toBeNull();
  });
});

describe("gmnerTypeOf", () => {
  test("keeps GMNER's own types, in any case", () => {
    for (const type of ENTITY_TYPES) expect([gmnerTypeOf(type), gmnerTypeOf(type.toLowerCase())]).toEqual([type, type]);
  });

  test.each([
    ["city", "LOC"],
    ["sports_facility", "LOC"],
    ["musician", "PER"],
    ["Person", "PER"],
    ["band", "ORG"],
    ["animal", "OTHER"],
    ["starship", "OTHER"],
    ["constructor", "OTHER"],
  ])("maps %s to %s", (type, expected) => {
    expect(gmnerTypeOf(type)).toBe(expected);
  });
});

describe("Labels", () => {
  test.each([
    ["gmner", true],
    [["ship"], true],
    ["coarse", false],
    [[], false],
    [[""], false],
    [Array.from({ length: 101 }, (_, index) => `type ${index}`), false],
  ])("takes %j: %s", (labels, expected) => {
    expect(Labels.safeParse(labels).success).toBe(expected);
  });
});
