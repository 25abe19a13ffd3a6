import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./planted-project.ts";

const SECURITY = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
const rows = [...SECURITY.matchAll(/^\| (API\d+) [^|]+\| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, risk = "", control = "", shown = ""]) => ({ risk, control, shown: [...shown.matchAll(/`([^`]+)`/g)] }),
);

describe("the table of OWASP's risks in SECURITY.md", () => {
  test("has the ten risks of 2023, each with its control", () => {
    expect(rows.map(({ risk }) => risk)).toEqual(Array.from({ length: 10 }, (_, index) => `API${index + 1}`));
    for (const { control } of rows) expect(control.length).toBeGreaterThan(50);
  });

  test.each(rows)("names tests of $risk that exist", ({ shown }) => {
    expect(shown.length).toBeGreaterThan(0);
    for (const [, file = ""] of shown) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    for (const [, file = ""] of shown) expect(file).toMatch(/^test\/.*\.test\.ts$/);
  });
});
