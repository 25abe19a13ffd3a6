import { describe, expect, test } from "vitest";
import { countResults } from "../../../../scripts/test/results.ts";

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((one, index) => ({ status: one, fullName: `${one} ${index}` })),
});

describe("countResults", () => {
  test("counts passed and failed tests, and names the skipped ones", () => {
    const testResults = [file("passed", "passed", "skipped"), file("failed", "passed", "failed", "todo")];
    expect(countResults({ testResults })).toEqual({ passed: 2, failed: 1, skipped: ["skipped 1", "todo 2"] });
  });

  test("counts one failure when a file did not load", () => {
    expect(countResults({ testResults: [file("failed"), file("passed", "passed")] })).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  test.each([[[]], [[file("passed")]]])("counts one failure when no test ran: %j", (testResults) => {
    expect(countResults({ testResults })).toEqual({ passed: 0, failed: 1, skipped: [] });
  });
});
