import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { report } from "../../../bench/report.ts";

const machine = {
  processor: "a processor",
  cores: 2,
  memory_gb: 8,
  system: "linux",
  node: "v22",
  workerd: "w",
  load: 0,
};
const figures = [{ bench: "floor", name: "equal", value: 1.04, unit: "×" }];
const none = { json: false, check: false, install: false, write: false };
const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
const error = vi.spyOn(console, "error").mockImplementation(() => undefined);

let folder: string;
let files: { figures: string; document: string };
beforeEach(() => {
  log.mockClear();
  error.mockClear();
  folder = mkdtempSync(join(tmpdir(), "namesight-report-"));
  files = { figures: join(folder, "reference.json"), document: join(folder, "document.md") };
  writeFileSync(files.figures, '{ "floor: equal": 0.9, "size: code": 269 }');
  writeFileSync(files.document, "# Figures\n<!-- figures: written -->\nold\n<!-- end of figures -->\nafter\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("report", () => {
  it("prints the machine and a table, or JSON", () => {
    expect(report({ machine, figures, failed: 0 }, none, files)).toBe(0);
    expect(log.mock.lastCall?.[0]).toMatch(/^a processor, 2 cores, 8 GB; Node v22, w; load before 0.0\n\n\| bench/);
    report({ machine, figures, failed: 0 }, { ...none, json: true }, files);
    expect(JSON.parse(String(log.mock.lastCall?.[0]))).toEqual({ machine, figures });
  });

  it("fails where a benchmark gave no figure", () => {
    expect(report({ machine, figures, failed: 1 }, none, files)).toBe(1);
  });

  it("fails where a figure is worse than its reference, and says so", () => {
    expect(report({ machine, figures, failed: 0 }, { ...none, check: true }, files)).toBe(1);
    expect(error.mock.lastCall?.[0]).toContain("floor: equal is 1.04 ×");
  });

  it("writes the table between its marks, and keeps references that were not measured", () => {
    expect(report({ machine, figures, failed: 0 }, { ...none, write: true }, files)).toBe(0);
    const document = readFileSync(files.document, "utf8");
    expect(document).toMatch(/^# Figures\n<!-- figures: written -->\n\n\d{4}-\d\d-\d\d\. a processor[\s\S]*\| floor /);
    expect(document).toMatch(/\n\n<!-- end of figures -->\nafter\n$/);
    expect(document).not.toContain("old");
    expect(JSON.parse(readFileSync(files.figures, "utf8"))).toEqual({ "floor: equal": 1.04, "size: code": 269 });
  });

  it("writes a benchmark that has a part of its own there, and nothing elsewhere", () => {
    const own = "<!-- figures of jobs: written -->\nold jobs\n<!-- end of figures of jobs -->\n";
    const others = readFileSync(files.document, "utf8");
    writeFileSync(files.document, own + others);
    const jobs = [{ bench: "jobs", name: "accepted", value: 150, unit: "/s" }];
    expect(report({ machine, figures: jobs, failed: 0 }, { ...none, write: true }, files)).toBe(0);
    const document = readFileSync(files.document, "utf8");
    expect(document).toMatch(/^<!-- figures of jobs: written -->\n\n\d{4}[\s\S]*\| jobs [\s\S]* jobs -->\n# Figures/);
    expect(document).not.toContain("old jobs");
    expect(document.endsWith(others)).toBe(true);
    report({ machine, figures: [...figures, ...jobs], failed: 0 }, { ...none, write: true }, files);
    expect(readFileSync(files.document, "utf8").match(/\| (jobs|floor) /g)).toEqual(["| jobs ", "| floor "]);
  });
});
