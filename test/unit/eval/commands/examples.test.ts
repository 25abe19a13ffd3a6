import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { evaluateExamples } from "../../../../eval/commands/examples.ts";
import { rasterise } from "../../../../eval/scorers/polygon.ts";
import { type Case, scoreVisibility } from "../../../../eval/scorers/visibility-score.ts";
import { decodeRle, rleArea } from "../../../../schemas/rle.ts";

const BOX = { xmin: 0, ymin: 0, xmax: 10, ymax: 10 };
const NEAR = { xmin: 0, ymin: 0, xmax: 10, ymax: 5 };
const FAR = { xmin: 0, ymin: 0, xmax: 10, ymax: 4 };
const yes = (box: typeof BOX | null) => ({ visible: true, box });
const NO = { visible: false, box: null };

describe("scoreVisibility", () => {
  it("counts a box from IoU 0.5 on, with any of the gold boxes", () => {
    const cases: Case[] = [
      { gold: [BOX], claim: yes(NEAR) },
      { gold: [FAR, BOX], claim: yes(BOX) },
      { gold: [BOX], claim: yes(FAR) },
      { gold: [BOX], claim: yes(null) },
    ];
    expect(scoreVisibility(cases, [])).toMatchObject({
      f1: 1,
      right_boxes: 2,
      visible: 4,
      right_answers: 2,
      entities: 4,
    });
  });

  it("counts a no as right where nothing is to be seen", () => {
    expect(
      scoreVisibility(
        [
          { gold: [], claim: NO },
          { gold: [BOX], claim: NO },
        ],
        [],
      ),
    ).toMatchObject({
      f1: 0,
      rightly_none: 1,
      invisible: 1,
      right_answers: 1,
    });
  });

  it("does not count what was not found as right, and counts it as a miss where it is visible", () => {
    const found: Case = { gold: [BOX], claim: yes(BOX) };
    const score = scoreVisibility([found, { gold: [], claim: null }, { gold: [BOX], claim: null }], []);
    expect(score).toMatchObject({ precision: 1, recall: 0.5, rightly_none: 0, right_answers: 1, entities: 3 });
  });

  it("takes a yes to what is no gold entity for a false yes", () => {
    const score = scoreVisibility([{ gold: [BOX], claim: yes(BOX) }], [yes(BOX), NO]);
    expect(score).toMatchObject({ precision: 0.5, recall: 1, f1: 2 / 3, right_answers: 1 });
  });

  it("is perfect exactly when every answer is right, and never leaves its bounds", () => {
    const cases = fc.array(
      fc.record({ gold: fc.constantFrom([], [BOX]), claim: fc.constantFrom(null, NO, yes(BOX), yes(FAR)) }),
    );
    fc.assert(
      fc.property(cases, (list) => {
        const { f1, precision, recall, right_answers, entities } = scoreVisibility(list, []);
        for (const value of [f1, precision, recall]) expect(value >= 0 && value <= 1).toBe(true);
        const isPerfect = list.every(({ gold, claim }) => (gold.length > 0 ? claim?.box === BOX : claim === NO));
        expect(right_answers === entities).toBe(isPerfect);
      }),
    );
  });
});

describe("rasterise", () => {
  it("fills the pixels whose centres lie inside", () => {
    const triangle = rasterise(
      [
        [
          [0, 0],
          [4, 0],
          [0, 4],
        ],
      ],
      { width: 4, height: 4 },
    );
    expect([...decodeRle(triangle)]).toEqual([1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("gives a rectangle its area, cut at the picture, however it is turned", () => {
    const edge = fc.integer({ min: -5, max: 25 });
    fc.assert(
      fc.property(edge, edge, edge, edge, fc.boolean(), (x1, y1, x2, y2, isTurned) => {
        const corners: Array<[number, number]> = [
          [x1, y1],
          [x2, y1],
          [x2, y2],
          [x1, y2],
        ];
        const inside = (value: number) => Math.max(0, Math.min(20, value));
        const area = Math.abs(inside(x1) - inside(x2)) * Math.abs(inside(y1) - inside(y2));
        expect(rleArea(rasterise([isTurned ? corners.toReversed() : corners], { width: 20, height: 20 }))).toBe(area);
      }),
    );
  });

  it("joins polygons that overlap", () => {
    const square: Array<[number, number]> = [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ];
    expect(rleArea(rasterise([square, square], { width: 4, height: 4 }))).toBe(4);
  });
});

describe("evaluateExamples", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it("says how it is called where there is no stack", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.stubEnv("NAMESIGHT_URL", "");
    expect(await evaluateExamples([])).toBe(2);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("usage: npm run eval -- examples"));
  });
});
