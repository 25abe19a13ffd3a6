import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Runs `npm run eval -- …` in a process of its own. */
function run(...argv: string[]) {
  const command = ["--disable-warning=ExperimentalWarning", "scripts/eval.ts", ...argv];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  return { status, stdout, stderr };
}

const NAMES = ["stats", "score", "segment", "propose", "confirm", "mner", "examples", "cascade", "phrases"];

describe("npm run eval", () => {
  it("prints how each command is used", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    for (const name of NAMES) expect(stdout).toContain(`usage: npm run eval -- ${name} `);
  });

  it.each(["none", "constructor"])("refuses a command that there is not: %s", (name) => {
    expect(run(name)).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("npm run eval -- score"),
    });
  });

  it.each([
    ["segment", "--predictions FILE is required"],
    ["propose", "1 operands expected"],
  ])("starts no stack for %s without what it needs", (name, message) => {
    expect(run(name)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
  });
});
