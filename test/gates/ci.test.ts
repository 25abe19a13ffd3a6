import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./planted-project.ts";

const workflow = readFileSync(join(ROOT, ".github/workflows/ci.yml"), "utf8");
const runner = readFileSync(join(ROOT, ".ci/run"), "utf8");

describe("the workflow", () => {
  test("runs .ci/run, which is executable, and no other command", () => {
    accessSync(join(ROOT, ".ci/run"), constants.X_OK);
    expect([...workflow.matchAll(/^\s*- run: (.*)$/gm)].map(([, command]) => command)).toEqual([".ci/run"]);
  });

  test("uses actions of a fixed major version", () => {
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = ""]) => action);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/);
  });

  test("fetches the tags with which the contract is compared", () => {
    expect(workflow).toContain("fetch-depth: 0");
  });

  test("covers the versions of Node that CONTRIBUTING.md names", () => {
    const contributing = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
    const [, first, second] = /npm ci +# Node (\d+) or (\d+)/.exec(contributing) ?? [];
    expect(workflow).toContain(`node: [${first}, ${second}]`);
  });
});

describe(".ci/run", () => {
  /** Runs it with an `npm` that does nothing, and a `timeout` that ends with a status. */
  function run(status: number): { status: number | null; last: string | undefined } {
    const folder = mkdtempSync(join(tmpdir(), "namesight-ci-"));
    const command = (name: string, script: string) =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    for (const name of ["npm", "chromium"]) command(name, "exit 0");
    command("timeout", `echo "$@"; echo "5 passed, ${status === 0 ? 0 : 2} failed"; exit ${status}`);
    const ended = spawnSync(join(ROOT, ".ci/run"), {
      encoding: "utf8",
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    rmSync(folder, { recursive: true });
    expect(ended.stdout).toMatch(/^--kill-after=20s 45m npm test\n/);
    return { status: ended.status, last: ended.stdout.trimEnd().split("\n").at(-1) };
  }

  test("installs and runs npm test, whose closing line and status are its own", () => {
    expect(runner.split("\n").filter((line) => line.startsWith("npm "))).toEqual([expect.stringMatching(/^npm ci /)]);
    expect(run(0)).toEqual({ status: 0, last: "5 passed, 0 failed" });
    expect(run(1)).toEqual({ status: 1, last: "5 passed, 2 failed" });
  });

  test.each([124, 137])("counts a failure when the tests do not end (status %i of timeout)", (status) => {
    expect(run(status)).toEqual({ status: 1, last: "0 passed, 1 failed" });
  });
});
