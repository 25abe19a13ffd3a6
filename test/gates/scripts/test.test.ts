import { afterAll, describe, expect, test } from "vitest";
import { plantProject } from "../planted-project.ts";

describe("npm test", () => {
  const project = plantProject(["package.json", "scripts"]);
  afterAll(() => project.end());

  test("prints its usage when given --help", () => {
    expect(project.script("scripts/test.ts", "--help")).toMatchObject({
      ok: true,
      output: expect.stringMatching(/^npm test: every gate and every test\./),
    });
  });

  test("refuses an option that it does not know, before it runs anything", () => {
    expect(project.script("scripts/test.ts", "--watch")).toMatchObject({
      ok: false,
      output: expect.stringMatching(/^Unknown option '--watch'/),
    });
  });
});
