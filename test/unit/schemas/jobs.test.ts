import { expect, test } from "vitest";
import { JOB } from "../../../schemas/job-examples.ts";
import { isEnd, JOB_ENDS, JobId, JobParameters, JobState } from "../../../schemas/jobs.ts";
import { LIMITS } from "../../../schemas/limits.ts";

test("every state is an end, or one of the two before it", () => {
  expect(JobState.options.filter((state) => !isEnd(state))).toEqual(["queued", "running"]);
  expect(JobState.options.filter(isEnd)).toEqual(JOB_ENDS);
});

test.each([
  [JOB.id, true],
  [`${JOB.id}-1`, true],
  [`${JOB.id}-1000`, true],
  [`${JOB.id}-10000`, false],
  [JOB.id.toLowerCase(), false],
  [`${JOB.id}/..`, false],
  ["", false],
])("%s is the id of a job: %s", (id, isId) => {
  expect(JobId.safeParse(id).success).toBe(isId);
});

test("a wait is a whole number of seconds up to the limit, and none is no wait", () => {
  const waits = ["0", "20", String(LIMITS.waitSeconds), String(LIMITS.waitSeconds + 1), "1.5", "-1", "x", ""];
  const read = waits.map((wait) => JobParameters.safeParse({ wait }).data?.wait);
  expect(read).toEqual([0, 20, LIMITS.waitSeconds, ...Array(5).fill(undefined)]);
  expect(Number(JobParameters.parse({}).wait)).toBe(0);
  expect(JobParameters.safeParse({ other: "1" }).success).toBe(false);
});
