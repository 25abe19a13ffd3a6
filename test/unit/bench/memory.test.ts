import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const run = (script: string, ...argv: string[]) => {
  const { NAMESIGHT_URL: _, FUNCTIONS_URL: __, ...env } = process.env;
  return spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...argv], {
    cwd: root,
    env,
    encoding: "utf8",
  });
};

describe.each([
  ["bench/memory.ts", "usage: npm run bench:memory -- [--posts N] [--json]"],
  ["bench/index.ts", "usage: npm run bench [-- NAME] [--json] [--check] [--write]"],
])("%s", (script, usage) => {
  it("prints its usage and exits with 0 when help is asked for", () => {
    const { status, stdout } = run(script, "--help");
    expect(stdout).toContain(usage);
    expect(status).toBe(0);
  });

  it("exits with 2 when an option is unknown", () => {
    const { status, stderr } = run(script, "--fast");
    expect(stderr).toContain("--fast");
    expect(status).toBe(2);
  });
});

it("bench/memory.ts exits with 2 and names the variable when there is no stack", () => {
  const { status, stderr } = run("bench/memory.ts");
  expect(stderr).toContain("NAMESIGHT_URL");
  expect(status).toBe(2);
});
