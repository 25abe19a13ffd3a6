import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { turnSize } from "../../../../schemas/orientation.ts";
import { fromCaller, toCaller } from "../../../../src/pipeline/picture/frame.ts";
import { locate } from "../../../../src/pipeline/picture/locate.ts";

const seen = { size: { width: 100, height: 50 }, orientation: 1 };
const size = { width: 200, height: 100 };
const region = (xmin: number, xmax: number, score: number | null) => ({
  box: { xmin, ymin: 0, xmax, ymax: 10 },
  score,
  method: "m",
});

describe("locate", () => {
  test("scales boxes to the caller's picture, clamps them and numbers them in order", () => {
    const grounded = new Map([
      ["e1", [region(90, 120, 0.5)]],
      ["e2", [region(0, 10, null)]],
    ]);
    const found = locate([{ id: "e1" }, { id: "e2", type: "PER" }], grounded, seen, size, 0);
    expect(found.map(({ entityId, region: { id, box } }) => [id, entityId, box.xmin, box.xmax])).toEqual([
      ["e1-r1", "e1", 180, 200],
      ["e2-r1", "e2", 0, 20],
    ]);
  });

  test("drops a box that scores below the threshold or lies outside, and keeps one without a score", () => {
    const grounded = new Map([["e1", [region(0, 10, 0.2), region(120, 130, 0.9), region(0, 10, null)]]]);
    expect(locate([{ id: "e1" }], grounded, seen, size, 0.3).map((found) => found.region.score)).toEqual([null]);
  });

  test("says that a model chose a box which has no link", () => {
    const [found] = locate([{ id: "e1" }], new Map([["e1", [region(0, 10, 0.5)]]]), seen, size, 0);
    expect(found?.region).toMatchObject({ evidence: null, link: { basis: "model", score: null, alternatives: [] } });
  });

  test("names the regions that fit as well, and leaves out boxes that are no region, and the region itself", () => {
    const [left, right, other] = [region(0, 10, 0.5), region(20, 30, 0.5), region(40, 50, 0.5)];
    const guess = (of: typeof left) => ({
      ...of,
      evidence: "object" as const,
      link: { basis: "guess" as const, score: 0.5, alternatives: [left.box, right.box, other.box, right.box] },
    });
    const grounded = new Map([
      ["e1", [guess(left)]],
      ["e2", [guess(right)]],
    ]);
    const found = locate([{ id: "e1" }, { id: "e2" }], grounded, seen, size, 0);
    expect(found.map((one) => one.region.link)).toEqual([
      { basis: "guess", score: 0.5, alternatives: ["e2-r1"] },
      { basis: "guess", score: 0.5, alternatives: ["e1-r1"] },
    ]);
    expect(found.map((one) => one.region.evidence)).toEqual(["object", "object"]);
  });
});

describe("toCaller", () => {
  test("is undone by fromCaller in every orientation and scale", () => {
    const corner = fc.double({ min: 0, max: 49, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        corner,
        corner,
        (orientation, scale, x, y) => {
          const stored = { size: { width: 100, height: 50 }, orientation };
          const turned = turnSize(stored.size, orientation);
          const upright = { width: turned.width * scale, height: turned.height * scale };
          const box = { xmin: x, ymin: y / 2, xmax: x + 1, ymax: y / 2 + 2 };
          const back = fromCaller(toCaller(box, stored, upright), stored, upright);
          for (const side of ["xmin", "ymin", "xmax", "ymax"] as const) expect(back[side]).toBeCloseTo(box[side], 6);
        },
      ),
    );
  });
});
