/** What is read of vitest's JSON report. */
export interface TestReport {
  readonly testResults: ReadonlyArray<{
    readonly status: string;
    readonly assertionResults: ReadonlyArray<{ readonly status: string; readonly fullName: string }>;
  }>;
}

/**
 * Counts a report. A file that failed without a failed test, because it did not load, counts as one failure, and so
 * does a report without any test.
 */
export function countResults({ testResults }: TestReport): { passed: number; failed: number; skipped: string[] } {
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const number = (wanted: string) => results.filter(({ status }) => status === wanted).length;
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((result) => result.status !== "failed"),
  );
  return {
    passed: number("passed"),
    failed: number("failed") + unloaded.length + (results.length === 0 && unloaded.length === 0 ? 1 : 0),
    skipped: results.filter(({ status }) => status !== "passed" && status !== "failed").map(({ fullName }) => fullName),
  };
}
