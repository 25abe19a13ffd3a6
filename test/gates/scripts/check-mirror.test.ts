import { afterAll, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

const LONG = "export const a = 1;\n".repeat(41);

const projects: PlantedProject[] = [];
afterAll(() => {
  for (const project of projects) project.end();
});

/** A project whose only long file has its test, with these sources and tests besides; the tests are empty. */
function projectWith(files: Readonly<Record<string, string>> = {}): PlantedProject {
  const project = plantProject(["package.json"]);
  projects.push(project);
  for (const file of ["check-mirror.ts", "gates/files.ts"]) project.copy(`scripts/${file}`);
  project.write("test/gates/scripts/check-mirror.test.ts", "");
  project.write("test/unit/scripts/gates/files.test.ts", "");
  project.write("src/tested.ts", LONG);
  project.write("test/unit/tested.test.ts", "");
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  return project;
}

const mirror = (project: PlantedProject) => project.script("scripts/check-mirror.ts");

const UNTESTED = [
  ["src/a/b.ts", "test/unit/a/b.test.ts"],
  ["functions/a/b.ts", "test/unit/functions/a/b.test.ts"],
  ["schemas/a.ts", "test/unit/schemas/a.test.ts"],
  ["eval/a.ts", "test/unit/eval/a.test.ts"],
  ["bench/a.ts", "test/unit/bench/a.test.ts"],
  ["scripts/a.ts", "test/unit/scripts/a.test.ts"],
] as const;
/** Tests that are not at the path that mirrors their source. */
const MISPLACED = [
  ["a test of another folder", "src/c/d.ts", "test/unit/d.test.ts"],
  ["a test of a file with a longer name", "src/e/f.ts", "test/unit/e/f-c.test.ts"],
  ["a helper", "src/g/h.ts", "test/unit/g/h.ts"],
] as const;
const TESTED = [
  ["src/a/b.ts", "test/worker/a/b.test.ts"],
  ["src/a/c.ts", "test/unit/a/c.masks.test.ts"],
  ["src/a/d.ts", "test/edge/a/d.hang-up.test.ts"],
  ["functions/a/b.ts", "test/functions/a/b.test.ts"],
  ["scripts/b.ts", "test/gates/scripts/b.test.ts"],
] as const;

describe("check-mirror", () => {
  test("passes when each long file has its test", () => {
    expect(mirror(projectWith())).toMatchObject({ ok: true });
  });

  describe("refuses", () => {
    const sources = [...UNTESTED.map(([source]) => source), ...MISPLACED.map(([, source]) => source)];
    const tests = MISPLACED.map(([, , place]) => place);
    const { ok, output } = mirror(
      projectWith({
        ...Object.fromEntries(sources.map((file) => [file, LONG])),
        ...Object.fromEntries(tests.map((file) => [file, ""])),
      }),
    );

    test.each(UNTESTED)("when %s has no test", (source, place) => {
      expect(output).toContain(`${source}: 41 lines and no ${place}`);
      expect(ok).toBe(false);
    });

    test.each(MISPLACED)("when there is only %s", (_case, source) => {
      expect(output).toContain(`${source}: 41 lines and no `);
    });

    test("nothing else", () => {
      expect(output).toContain(`, ${sources.length} findings`);
    });
  });

  test("passes when each has its test in one of the places", () => {
    const files = TESTED.flatMap(([source, place]) => [[source, LONG] as const, [place, ""] as const]);
    expect(mirror(projectWith(Object.fromEntries(files)))).toEqual({
      ok: true,
      output: `${TESTED.length + 2} source files of more than 40 lines, 0 findings\n`,
    });
  });

  test("passes when a file has 40 lines, or types alone", () => {
    const project = projectWith({
      "src/short.ts": LONG.replace("export const a = 1;\n", ""),
      "src/types.ts": "export type A = 1;\nexport interface B {}\n".repeat(41),
    });
    expect(mirror(project)).toMatchObject({ ok: true });
  });

  test("refuses when there is no source file to check", () => {
    const project = projectWith();
    project.remove("src");
    project.run("node", "-e", 'require("node:fs").cpSync("scripts", "elsewhere/scripts", { recursive: true })');
    project.remove("scripts");
    expect(project.script("elsewhere/scripts/check-mirror.ts")).toMatchObject({
      ok: false,
      output: expect.stringContaining("nothing was checked"),
    });
  });
});
