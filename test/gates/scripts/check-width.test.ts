import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

let project: PlantedProject;
beforeEach(() => {
  project = plantProject(["scripts", "package.json"]);
});
afterEach(() => project.end());

const width = () => project.script("scripts/check-width.ts");
const WORDS = "word ".repeat(30).trim();

describe("check-width", () => {
  test("passes when nothing is too wide or too long", () => {
    project.write("src/a.ts", `${"export {};\n".repeat(400)}`);
    expect(width()).toMatchObject({ ok: true });
  });

  test.each([
    ["a comment is wider than 120 characters", `// ${WORDS}\nexport {};\n`, "src/a.ts:1: 152 characters"],
    ["code is wider than 120 characters", `export const a = [${"1000, ".repeat(20)}1];\n`, "src/a.ts:1: "],
    ["a wide line has short strings", `export const a = [${'"a word", '.repeat(14)}"b"];\n`, "src/a.ts:1: "],
    ["a file has more than 400 lines", "export {};\n".repeat(401), "src/a.ts: 401 lines"],
  ])("refuses when %s", (_case, text, finding) => {
    project.write("src/a.ts", text);
    const { ok, output } = width();
    expect(output).toContain(finding);
    expect(ok).toBe(false);
  });

  test("refuses a wide line of a test", () => {
    project.write("test/unit/a.test.ts", `/* ${WORDS} */\n`);
    expect(width()).toMatchObject({ ok: false, output: expect.stringContaining("test/unit/a.test.ts:1: ") });
  });

  test.each([
    ["a string", `export const a = "${WORDS}";\n`],
    ["a template", `export const a = \`${WORDS}\${1}\`;\n`],
    ["a regular expression", `export const a = /${WORDS}/;\n`],
    ["an address in a comment", `// https://host.test/${"a".repeat(120)}\nexport {};\n`],
  ])("passes when %s makes a line wide", (_case, text) => {
    project.write("src/a.ts", text);
    expect(width()).toMatchObject({ ok: true });
  });

  test("refuses when there is no file to check", () => {
    project.run("node", "-e", 'require("node:fs").cpSync("scripts", "elsewhere/scripts", { recursive: true })');
    project.remove("scripts");
    expect(project.script("elsewhere/scripts/check-width.ts")).toMatchObject({
      ok: false,
      output: expect.stringContaining("nothing was checked"),
    });
  });
});
