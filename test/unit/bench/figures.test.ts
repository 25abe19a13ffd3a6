import { describe, expect, it } from "vitest";
import { type Figure, isMet, shown, tableOf } from "../../../bench/figures.ts";

const figure = (value: number, more: Partial<Figure> = {}): Figure => ({
  bench: "floor",
  name: "equal",
  value,
  unit: "×",
  ...more,
});

describe("isMet", () => {
  it("holds a figure to its goal", () => {
    expect(isMet(figure(1.05, { goal: { most: 1.05 } }))).toBe(true);
    expect(isMet(figure(1.06, { goal: { most: 1.05 } }))).toBe(false);
    expect(isMet(figure(5, { goal: { least: 6 } }))).toBe(false);
    expect(isMet(figure(Number.NaN, { goal: { most: 1 } }))).toBe(false);
    expect(isMet(figure(1))).toBeNull();
  });
});

describe("shown", () => {
  it.each([
    [1.0449, "1.04"],
    [24.38, "24.4"],
    [269.7, "270"],
    [12_345.6, "12346"],
    [0.0512, "0.051"],
    [0, "0.000"],
    [Number.NaN, "–"],
  ])("shows three digits of %d", (value, text) => {
    expect(shown(value)).toBe(text);
  });
});

describe("tableOf", () => {
  it("is a Markdown table with aligned columns", () => {
    const rows = tableOf([figure(1.04, { goal: { most: 1.05 }, detail: "104 ms over 100 ms" }), figure(2)]).split("\n");
    expect(rows[0]).toBe("| bench | figure | value  | goal   | met | from               |");
    expect(rows[2]).toBe("| floor | equal  | 1.04 × | ≤ 1.05 | yes | 104 ms over 100 ms |");
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
  });
});
