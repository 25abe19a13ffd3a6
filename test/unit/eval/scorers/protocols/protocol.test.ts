import { describe, expect, it } from "vitest";
import { bestIou, matchInOrder, offsetKey, rowsOf } from "../../../../../eval/scorers/protocols/protocol.ts";
import { entity, strip } from "../../../../support/evaluated-posts.ts";

describe("matchInOrder", () => {
  it("gives each prediction the first gold entity that is right and free", () => {
    const [a, b, c] = [entity("PER", 0, 1), entity("PER", 0, 1), entity("LOC", 4, 5)];
    const [x, y, z] = [entity("PER", 0, 1), entity("PER", 0, 1), entity("PER", 0, 1)];
    const keyOf = ({ start }: typeof a) => String(start);
    expect(matchInOrder([a, b, c], [x, y, z], keyOf)).toEqual([
      [a, x],
      [b, y],
    ]);
    expect(matchInOrder([a, b, c], [x], keyOf, (gold) => gold === b)).toEqual([[b, x]]);
  });
});

describe("bestIou", () => {
  it("is the greatest of all, and 0 with none", () => {
    expect(bestIou(strip(0, 10), [strip(20, 30), strip(0, 5), strip(5, 7)])).toBe(0.5);
    expect(bestIou(strip(0, 10), [])).toBe(0);
  });
});

describe("offsetKey and rowsOf", () => {
  it("have types for every task but EEG", () => {
    expect([offsetKey(entity("PER", 0, 1), "eeg"), offsetKey(entity("PER", 0, 1), "gmner")]).toEqual([
      "0 1",
      "0 1 PER",
    ]);
    expect(rowsOf([entity("PER", 0, 1)], "eeg")).toEqual([""]);
    expect(rowsOf([entity("PER", 0, 1)], "mner")).toEqual(["PER"]);
  });
});
