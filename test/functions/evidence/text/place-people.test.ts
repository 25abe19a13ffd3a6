import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placePeople } from "../../../../functions/evidence/text/place-people.ts";
import { statedPositions } from "../../../../functions/evidence/text/positions.ts";
import type { Box } from "../../../../schemas/primitives.ts";

const SIZE = { width: 900, height: 600 };
const NAMES = ["Ana", "Berta", "Clara", "Dora"];
const at = (x: number, y = 300, height = 200): Box => ({
  xmin: x - 40,
  xmax: x + 40,
  ymin: y - height / 2,
  ymax: y + height / 2,
});
const place = (text: string, boxes: readonly Box[], names = NAMES) =>
  placePeople(statedPositions(names, text), boxes, SIZE);

describe("placePeople", () => {
  const three = [at(500), at(100), at(800)];
  test.each([
    ["L-R: Ana, Berta, Clara", three, [1, 0, 2, null]],
    ["R-L: Ana, Berta, Clara", three, [2, 0, 1, null]],
    ["L-R: Ana, my mom, Berta", three, [1, 2, null, null]],
    ["L-R: Ana, Berta", three, [null, null, null, null]],
    ["From left: Ana, Berta", three, [1, 0, null, null]],
    ["From right: Ana, Berta", three, [2, 0, null, null]],
    ["L-R: Ana, Berta, Clara, Dora", three, [null, null, null, null]],
    ["Ana (left), Berta (middle), Clara (right)", three, [1, 0, 2, null]],
    ["Ana (left), Berta (right)", three, [1, 2, null, null]],
    ["Ana (middle)", three.slice(1), [null, null, null, null]],
    ["Ana (second from left)", three, [0, null, null, null]],
    ["Ana (left)", [at(100)], [null, null, null, null]],
    ["Ana (left) and Berta (left)", three, [null, null, null, null]],
    ["Ana (left)", [at(100), at(100)], [null, null, null, null]],
    ["Top to bottom: Ana, Berta", [at(100, 500), at(150, 100)], [1, 0, null, null]],
    ["Ana (front) and Berta (back)", [at(100, 300, 100), at(200, 400, 300)], [1, 0, null, null]],
    ["Ana (front)", [at(100, 300, 300), at(200, 400, 100)], [null, null, null, null]],
    [
      "Clockwise from top left: Ana, Berta, Clara, Dora",
      [at(100, 500), at(800, 480), at(120, 100), at(790, 120)],
      [2, 3, 1, 0],
    ],
    [
      "Back row (l-r): Ana, Berta. Front row (l-r): Clara, Dora",
      [at(100, 400), at(200, 200), at(500, 210), at(600, 400)],
      [1, 2, 0, 3],
    ],
    ["L-R: Ana, Berta. Also L-R: Clara, Dora", [at(1), at(2), at(3), at(4)], [null, null, null, null]],
    ["Ana, Berta and Clara", three, [null, null, null, null]],
    ["L-R: Ana, Berta", [], [null, null, null, null]],
  ])("%j", (text, boxes, expected) => {
    expect(place(text, boxes)).toEqual(expected);
  });

  const TEXTS = [
    ["L-R: Ana, Berta, Clara", "R-L: Ana, Berta, Clara"],
    ["From left: Ana, Berta", "From right: Ana, Berta"],
    ["Ana (left), Berta (middle), Clara (right)", "Ana (right), Berta (middle), Clara (left)"],
    ["Ana (second from left)", "Ana (second from right)"],
    ["Ana (top left), Berta (bottom right)", "Ana (top right), Berta (bottom left)"],
    ["Ana (front) and Berta (back)", "Ana (front) and Berta (back)"],
  ] as const;
  const box = fc
    .record({
      x: fc.integer({ min: 0, max: 800 }),
      y: fc.integer({ min: 0, max: 500 }),
      width: fc.integer({ min: 1, max: 100 }),
      height: fc.integer({ min: 1, max: 100 }),
    })
    .map(({ x, y, width, height }) => ({ xmin: x, ymin: y, xmax: x + width, ymax: y + height }));
  const boxes = fc.array(box, { maxLength: 6 });

  test("in the mirrored picture, the mirrored text means the same people", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), boxes, ([text, mirroredText], drawn) => {
        const mirrored = drawn.map(({ xmin, xmax, ...rest }) => ({
          ...rest,
          xmin: SIZE.width - xmax,
          xmax: SIZE.width - xmin,
        }));
        expect(place(mirroredText, mirrored)).toEqual(place(text, drawn));
      }),
    );
  });

  test("the order of the boxes does not matter", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), boxes, fc.infiniteStream(fc.nat()), ([text], drawn, keys) => {
        const order = drawn.map((_, index) => ({ index, key: keys.next().value ?? 0 }));
        const shuffled = order.toSorted((a, b) => a.key - b.key).map(({ index }) => index);
        const found = place(
          text,
          shuffled.map((index) => drawn[index] ?? at(0)),
        );
        expect(found.map((index) => (index === null ? null : shuffled[index]))).toEqual(place(text, drawn));
      }),
    );
  });

  test("no box is given twice", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS.flat()), boxes, (text, drawn) => {
        const given = place(text, drawn).filter((index) => index !== null);
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });
});
