import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FAST_GATES, quietEnvironment, runGates, SLOW_GATES } from "../../../scripts/gates.ts";

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => vi.restoreAllMocks());

const gate = (name: string, code: string) => ({ name, command: ["node", "-e", code] as const });

describe("runGates", () => {
  test("counts gates, and prints the output of those that fail alone", () => {
    const gates = [gate("good", 'console.log("noise")'), gate("bad", 'console.error("reason"); process.exit(3)')];
    expect(runGates(gates, {})).toEqual({ passed: 1, failed: 1 });
    expect(printed).toEqual(["ok   gate: good", "reason\n", "FAIL gate: bad"]);
  });

  test("counts a gate as failed when its program does not exist", () => {
    expect(runGates([{ name: "none", command: ["a-program-that-is-not-there"] }], {})).toEqual({
      passed: 0,
      failed: 1,
    });
  });

  test("gives every gate the environment", () => {
    const needsLogs = gate("logs", 'process.exit(process.env.WRANGLER_LOG_PATH === "/logs" ? 0 : 1)');
    expect(runGates([needsLogs], quietEnvironment("/logs"))).toEqual({ passed: 1, failed: 0 });
  });
});

describe("gates", () => {
  test("have names of their own", () => {
    const names = [...FAST_GATES, ...SLOW_GATES].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
