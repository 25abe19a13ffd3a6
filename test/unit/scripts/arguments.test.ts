import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "namesight-arguments-"));
afterAll(() => rmSync(folder, { recursive: true }));
const script = join(folder, "script.ts");
writeFileSync(
  script,
  `import { readOptions } from ${JSON.stringify(resolve(import.meta.dirname, "../../../scripts/arguments.ts"))};
console.log(JSON.stringify(readOptions("usage: script [--file FILE]", { file: { type: "string" } })));
`,
);

function run(...given: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", script, ...given],
    { encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

describe("readOptions", () => {
  test("returns the options when they are known", () => {
    expect(run("--file", "a")).toEqual({ status: 0, stdout: '{"file":"a"}\n', stderr: "" });
  });

  test.each(["--help", "-h"])("prints the usage and exits with 0 when given %s", (flag) => {
    expect(run("--unknown", flag)).toEqual({ status: 0, stdout: "usage: script [--file FILE]\n", stderr: "" });
  });

  test.each([
    ["an unknown option", ["--unknown"], "Unknown option '--unknown'"],
    ["a missing value", ["--file"], "Option '--file <value>' argument missing"],
    ["an argument that is no option", ["a"], "Unexpected argument 'a'"],
  ])("prints the reason and the usage and exits with 2 when given %s", (_case, given, reason) => {
    const { status, stdout, stderr } = run(...given);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
    expect(stderr).toContain("usage: script [--file FILE]");
  });
});
