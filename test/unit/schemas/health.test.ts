import { expect, test } from "vitest";
import { HealthAnswer } from "../../../schemas/health.ts";

test("HealthAnswer names each stage with its models, its waiting calls and its last outcomes", () => {
  const stage = {
    stage: "mner",
    models: ["cog:local/mner"],
    waiting: { calls: 1, longest_ms: 12 },
    breakers: [{ model: "cog:local/mner", state: "open", failures: 5, retry_at: "2026-11-23T12:00:01.000Z" }],
    last_outcomes: [{ model: "cog:local/mner", ok: false, code: "timeout", ms: 9, at: "2026-11-23T12:00:00.000Z" }],
  };
  const answer = { status: "degraded", fault: null, stages: [stage] };
  expect(HealthAnswer.parse(answer)).toEqual(answer);
  expect(HealthAnswer.safeParse({ ...answer, stages: [{ ...stage, stage: "elsewhere" }] }).success).toBe(false);
  expect(HealthAnswer.safeParse({ ...answer, stages: [{ ...stage, waiting: undefined }] }).success).toBe(false);
});
