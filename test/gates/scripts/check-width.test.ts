import { afterAll, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

const projects: PlantedProject[] = [];
afterAll(() => {
  for (const project of projects) project.end();
});

/** A project of these files. */
function projectWith(files: readonly (readonly [file: string, text: string])[] = []): PlantedProject {
  const project = plantProject(["package.json"]);
  projects.push(project);
  for (const file of ["check-width.ts", "gates/files.ts"]) project.copy(`scripts/${file}`);
  for (const [file, text] of files) project.write(file, text);
  return project;
}

const width = (project: PlantedProject) => project.script("scripts/check-width.ts");
const WORDS = "word ".repeat(30).trim();

/** Files that are refused, and what is said of each. */
const REFUSED = [
  ["a comment is wider than 120 characters", "src/a.ts", `// ${WORDS}\nexport {};\n`, "src/a.ts:1: 152 characters"],
  ["code is wider than 120 characters", "src/b.ts", `export const a = [${"1000, ".repeat(20)}1];\n`, "src/b.ts:1: "],
  ["a wide line has short strings", "src/c.ts", `export const a = [${'"a word", '.repeat(14)}"b"];\n`, "src/c.ts:1: "],
  ["a file has more than 400 lines", "src/d.ts", "export {};\n".repeat(401), "src/d.ts: 401 lines"],
  ["a line of a test is wide", "test/unit/a.test.ts", `/* ${WORDS} */\n`, "test/unit/a.test.ts:1: "],
] as const;
const WIDE = [
  ["a string", "src/a.ts", `export const a = "${WORDS}";\n`],
  ["a template", "src/b.ts", `export const a = \`${WORDS}\${1}\`;\n`],
  ["a regular expression", "src/c.ts", `export const a = /${WORDS}/;\n`],
  ["an address in a comment", "src/d.ts", `// https://host.test/${"a".repeat(120)}\nexport {};\n`],
] as const;

describe("check-width", () => {
  test("passes when nothing is too wide or too long", () => {
    expect(width(projectWith([["src/a.ts", "export {};\n".repeat(400)]]))).toMatchObject({ ok: true });
  });

  describe("refuses", () => {
    const { ok, output } = width(projectWith(REFUSED.map(([, file, text]) => [file, text])));

    test.each(REFUSED)("when %s", (_case, _file, _text, finding) => {
      expect(output).toContain(finding);
      expect(ok).toBe(false);
    });

    test("nothing else", () => {
      expect(output).toContain(`, ${REFUSED.length} findings`);
    });
  });

  describe("passes", () => {
    const { ok, output } = width(projectWith(WIDE.map(([, file, text]) => [file, text])));

    test.each(WIDE)("when %s makes a line wide", (_case, file) => {
      expect(output).not.toContain(`${file}:`);
      expect(ok).toBe(true);
    });
  });

  test("refuses when there is no file to check", () => {
    const project = projectWith();
    project.run("node", "-e", 'require("node:fs").cpSync("scripts", "elsewhere/scripts", { recursive: true })');
    project.remove("scripts");
    expect(project.script("elsewhere/scripts/check-width.ts")).toMatchObject({
      ok: false,
      output: expect.stringContaining("nothing was checked"),
    });
  });
});
