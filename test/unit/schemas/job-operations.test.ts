import { expect, test } from "vitest";
import { JOB_OPERATIONS } from "../../../schemas/job-operations.ts";

test("every operation on a job needs a key, may not find the job, and may not reach it", () => {
  expect(JOB_OPERATIONS.map(({ id }) => id)).toEqual(["getJob", "cancelJob", "getJobEvents", "getJobResult"]);
  for (const { id, tag, access, path, pathParameters = {}, problems } of JOB_OPERATIONS) {
    expect([id, tag, access, path.startsWith("/v1/jobs/{id}")]).toEqual([id, "jobs", "any key", true]);
    expect([id, Object.keys(pathParameters)]).toEqual([id, ["id"]]);
    for (const code of ["not_found", "job_unavailable"] as const)
      expect([id, problems.includes(code)]).toEqual([id, true]);
  }
});

test("only the result is missing while a job runs, and gone later", () => {
  const missing = JOB_OPERATIONS.filter(
    ({ problems }) => problems.includes("job_running") || problems.includes("result_gone"),
  );
  expect(missing.map(({ path }) => path)).toEqual(["/v1/jobs/{id}/result"]);
});
