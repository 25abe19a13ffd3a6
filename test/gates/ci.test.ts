import { accessSync, constants, readFileSync } from "node:fs";
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
  test("installs and runs npm test, whose closing line and status are its own", () => {
    const commands = runner.split("\n").filter((line) => line.startsWith("npm "));
    expect(commands).toEqual([expect.stringMatching(/^npm ci /), "npm test"]);
    expect(runner.trimEnd().endsWith("\nnpm test")).toBe(true);
  });
});
