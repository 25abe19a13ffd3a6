import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxesOf, boxInPicture } from "../../../../eval/segment/boxes.ts";
import type { BoxCorners } from "../../../../schemas/evaluation.ts";
import { entity, post } from "../../../support/evaluated-posts.ts";

const A: BoxCorners = [0, 0, 10, 10];
const B: BoxCorners = [5, 5, 20, 20];

describe("boxesOf", () => {
  test("asks for a box once that several entities of a type share, and twice for two types", () => {
    const { asked, places } = boxesOf(
      post(entity("PER", 0, 1, [A, B]), entity("PER", 1, 2, [B]), entity("ORG", 2, 3, [A, A]), entity("LOC", 3, 4)),
    );
    expect(asked).toEqual([
      { box: A, type: "PER" },
      { box: B, type: "PER" },
      { box: A, type: "ORG" },
    ]);
    expect(places).toEqual([[0, 1], [1], [2, 2], []]);
  });
});

describe("boxInPicture", () => {
  const SIZE = { width: 100, height: 50 };

  test.each<[string, BoxCorners, unknown]>([
    ["inside", [1, 2, 3.5, 4], { xmin: 1, ymin: 2, xmax: 3.5, ymax: 4 }],
    ["cut on all sides", [-5, -5, 500, 500], { xmin: 0, ymin: 0, xmax: 100, ymax: 50 }],
    ["beside the picture", [100, 0, 120, 20], "outside_picture"],
    ["below the picture", [0, 50, 20, 60], "outside_picture"],
    ["without width", [10, 10, 10, 20], "empty_box"],
    ["with swapped corners", [20, 10, 10, 20], "empty_box"],
    ["in fractions", [0.1, 0.2, 0.9, 1], "box_in_fractions"],
    ["cut to less than a pixel", [-3, -3, 0.5, 0.5], "box_in_fractions"],
    ["of one pixel that is not the first", [1, 0, 2, 1], { xmin: 1, ymin: 0, xmax: 2, ymax: 1 }],
  ])("a box %s", (_, box, expected) => {
    expect(boxInPicture(box, SIZE)).toEqual(expected);
  });

  test("fractions of a tiny picture are pixels", () => {
    const whole = { xmin: 0, ymin: 0, xmax: 1, ymax: 1 };
    expect(boxInPicture([0, 0, 1, 1], { width: 4, height: 3 })).toEqual(whole);
    expect(boxInPicture([0, 0, 1, 1], { width: 5, height: 3 })).toBe("box_in_fractions");
  });

  test("whatever the box, what is asked has an area and lies in the picture", () => {
    const number = fc.double({ min: -200, max: 300, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(number, number, number, number), (box) => {
        const asked = boxInPicture(box, SIZE);
        if (typeof asked === "string") return;
        expect(asked.xmin).toBeGreaterThanOrEqual(0);
        expect(asked.ymin).toBeGreaterThanOrEqual(0);
        expect(asked.xmax).toBeLessThanOrEqual(100);
        expect(asked.ymax).toBeLessThanOrEqual(50);
        expect((asked.xmax - asked.xmin) * (asked.ymax - asked.ymin)).toBeGreaterThan(0);
      }),
    );
  });
});
