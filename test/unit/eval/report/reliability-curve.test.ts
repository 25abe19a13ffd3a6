import { expect, test } from "vitest";
import { reliabilityCurve } from "../../../../eval/report/reliability-curve.ts";

const NONE = { count: 0, mean: null, visible: null };
const before = {
  brier: 0.2,
  ece: 0.25,
  bins: [{ count: 4, mean: 0.25, visible: 0.5 }, NONE, { count: 1, mean: 1, visible: 0 }],
};
const counts = { samples: 5, visible: 2, without_score: 0, not_in_gold: 0, constants: { slope: 1, intercept: 0 } };

test("draws a circle for each bin that has entities, with an area that grows with them", () => {
  const svg = reliabilityCurve({ ...counts, before, after: null });
  // The square is 400 pixels wide, 64 from the left and 40 from the top.
  expect(svg).toContain('<polyline points="164,240 464,440"');
  expect(svg).toContain('<circle cx="164" cy="240" r="12.0"');
  expect(svg).toContain('<circle cx="464" cy="440" r="7.0"');
  expect(svg).toContain("before: ECE 0.250");
  expect(svg).not.toContain("after");
});

test("draws both curves where there are two", () => {
  const after = { brier: 0.1, ece: 0.01, bins: [{ count: 5, mean: 0.4, visible: 0.4 }] };
  const svg = reliabilityCurve({ ...counts, before, after });
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg).toContain("after, on posts that were not fitted: ECE 0.010");
});
