import { expect, test } from "vitest";
import { createMetrics } from "../../../src/observe/metrics.ts";

/** The data points that a line becomes. */
function pointsOf(line: Parameters<ReturnType<typeof createMetrics>>[0]): unknown[] {
  const points: unknown[] = [];
  createMetrics({ writeDataPoint: (point) => points.push(point) })(line);
  return points;
}

test("writes one point for the request and one for each stage record", () => {
  const stage = { attempts: 2, cached: false, ms: 40, cost_usd: "0.0015" };
  const points = pointsOf({
    event: "request",
    method: "POST",
    route: "/v1/recognize",
    status: 200,
    ms: 120,
    stages: [
      { stage: "mner", provider: "openai", ...stage },
      { stage: "expansion", provider: "openai", ...stage, attempts: 0, cached: true, cost_usd: null },
    ],
  });
  const indexes = ["/v1/recognize"];
  expect(points).toEqual([
    { indexes, blobs: ["request", "POST", "/v1/recognize", "200"], doubles: [120, 0, 0, 0] },
    { indexes, blobs: ["stage", "mner", "openai", "asked"], doubles: [40, 2, 0.0015, 1] },
    { indexes, blobs: ["stage", "expansion", "openai", "cached"], doubles: [40, 0, 0, 0] },
  ]);
});

test("writes nothing for other lines", () => {
  expect(pointsOf({ event: "swept", pictures: 1 })).toEqual([]);
});
