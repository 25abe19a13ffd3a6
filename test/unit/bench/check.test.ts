import { describe, expect, it } from "vitest";
import { referenceOf, regressionsOf } from "../../../bench/check.ts";
import type { Figure } from "../../../bench/figures.ts";

const figure = (bench: string, value: number, name = "a"): Figure => ({ bench, name, value, unit: "×" });

describe("referenceOf", () => {
  it("has the figures that are checked", () => {
    expect(referenceOf([figure("floor", 1.234567), figure("cpu", 3)])).toEqual({ "floor: a": 1.235 });
  });
});

describe("regressionsOf", () => {
  it("accepts what is better, or worse within the margin", () => {
    const reference = { "floor: a": 1, "rate: a": 0.13 };
    expect(regressionsOf([figure("floor", 1.05), figure("rate", 0.1)], reference)).toEqual([]);
    expect(regressionsOf([figure("floor", 0.5), figure("rate", 1)], reference)).toEqual([]);
  });

  it("finds what is worse, in the direction that is worse for its benchmark", () => {
    const reference = { "floor: a": 1, "rate: a": 0.13 };
    expect(regressionsOf([figure("floor", 1.06), figure("rate", 0.09)], reference)).toEqual([
      "floor: a is 1.06 ×; the reference is 1.00, and a ratio of 1.05 is allowed.",
      "rate: a is 0.090 ×; the reference is 0.130, and a ratio of 1.3 is allowed.",
    ]);
  });

  it("finds a figure that was not measured, one without a reference, and one that is no number", () => {
    const figures = [figure("floor", Number.NaN), figure("floor", 1, "b")];
    expect(regressionsOf(figures, { "floor: a": 1, "floor: c": 1, "size: a": 1 })).toEqual([
      "floor: a is – ×; the reference is 1.00, and a ratio of 1.05 is allowed.",
      "floor: b has no reference; write it with --write.",
      "floor: c has a reference and was not measured.",
    ]);
  });

  it("does not check benchmarks whose figures are the machine's", () => {
    expect(regressionsOf([figure("cpu", 9), figure("embedded", 9)], {})).toEqual([]);
  });
});
