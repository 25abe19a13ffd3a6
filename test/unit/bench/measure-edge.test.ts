import { describe, expect, it } from "vitest";
import { benchesOf, measureEdge } from "../../../bench/measure-edge.ts";

describe("benchesOf", () => {
  const options = { json: false, check: false, install: false, write: false };

  it("is all of them, one of them, or those that are checked", () => {
    expect(benchesOf({ name: "all", options })).toContain("startup");
    expect(benchesOf({ name: "cpu", options })).toEqual(["cpu"]);
    expect(benchesOf({ name: "embedded", options })).toEqual([]);
    expect(benchesOf({ name: "all", options: { ...options, check: true } })).toEqual([
      "floor",
      "order",
      "rate",
      "size",
    ]);
  });
});

describe("measureEdge", () => {
  it("builds and starts nothing where nothing is to be measured", async () => {
    expect(await measureEdge([], true)).toEqual({ figures: [], failed: 0 });
  });
});
