import fc from "fast-check";
import { expect, test } from "vitest";
import { type RunEvent, roundEvent } from "../../../src/pipeline/events.ts";

const score = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const pixel = fc.double({ min: 0, max: 4_000, noNaN: true });
const box = fc.tuple(pixel, pixel, pixel, pixel).map(([a, b, c, d]) => ({
  xmin: Math.min(a, c),
  ymin: Math.min(b, d),
  xmax: Math.max(a, c) + 1,
  ymax: Math.max(b, d) + 1,
}));

const events: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({ box, score, chance: score }).map(({ chance, ...part }): RunEvent => {
    const link = { basis: "guess" as const, score: chance, alternatives: ["r2"] };
    return { event: "region", entity_id: "e1", region: { id: "r1", method: "m", ...part, evidence: "object", link } };
  }),
  score.map(
    (mask_score): RunEvent => ({
      event: "mask",
      region_id: "r1",
      mask: { mask: null, mask_score, mask_method: null, mask_reason: null, mask_url: null },
    }),
  ),
  score.map(
    (one): RunEvent => ({
      event: "visibility",
      entity_id: "e1",
      visibility: {
        visible: null,
        visibility: { score: one, method: "m", calibrated: false, evidence: null, reason: null },
      },
    }),
  ),
);

const numbers = (value: unknown): number[] =>
  typeof value === "number" ? [value] : typeof value === "object" && value ? Object.values(value).flatMap(numbers) : [];

test("rounds scores to 4 places and boxes to 0.01 pixel, changes nothing else, and is done after one time", () => {
  fc.assert(
    fc.property(events, (event) => {
      const rounded = roundEvent(event);
      expect(roundEvent(rounded)).toEqual(rounded);
      const [before, after] = [numbers(event), numbers(rounded)];
      expect(after.length).toBe(before.length);
      after.forEach((number, index) => {
        const isPixel = event.event === "region" && index < 4;
        const step = isPixel ? 0.01 : 0.0001;
        expect(Math.abs(number - (before[index] ?? Number.NaN))).toBeLessThanOrEqual(step / 2 + 1e-9);
        expect(String(number).split(".")[1]?.length ?? 0).toBeLessThanOrEqual(4);
      });
    }),
  );
});

test("rounds milliseconds to whole ones", () => {
  const record = {
    stage: "mner",
    model: "m",
    version: "1",
    provider: "cog",
    attempts: 1,
    cached: false,
    ms: 12.6,
    cost_usd: null,
  } as const;
  expect(roundEvent({ event: "stage", entry: "m", record })).toMatchObject({ record: { ms: 13 } });
});
