import { expect, test } from "vitest";
import { readItems } from "../../../../functions/evidence/text/items.ts";
import { readRow } from "../../../../functions/evidence/text/rows.ts";

const NAMES = ["Ana", "Berta"];
const row = (text: string, start = 0, number = 0) => readRow(readItems(text, NAMES), start, number, 0);

test("a row gives each listed name its place, and where the marker ends", () => {
  const rest = { kind: "row", row: 3, level: null, of: 2, from: "right", open: true };
  expect(row("from right: Ana, Berta", 0, 3)).toEqual({
    end: 3,
    places: [
      { names: [0], position: { ...rest, index: 0 } },
      { names: [1], position: { ...rest, index: 1 } },
    ],
  });
});

test("a marker behind its list begins where it stands", () => {
  const found = row("Ana and Berta (l-r)", 3);
  expect(found?.end).toBe(8);
  expect(found?.places.map(({ names }) => names)).toEqual([[0], [1]]);
});

test.each(["left to right", "L-R: Ana", "(l-r)", "clockwise from top left: Ana, Berta"])("%j lists nobody", (text) => {
  expect(row(text)?.places).toEqual([]);
});

test.each(["left: Ana", "from left field", "left-right politics", "l", "clockwise", "top: Ana", "to left", ""])(
  "%j is no marker",
  (text) => {
    expect(row(text)).toBeNull();
  },
);
