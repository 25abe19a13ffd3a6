import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

const LONG = "export const a = 1;\n".repeat(41);

let project: PlantedProject;
/** A project whose only long file has its test. */
beforeEach(() => {
  project = plantProject(["package.json"]);
  for (const file of ["check-mirror.ts", "gates/files.ts"]) project.copy(`scripts/${file}`);
  project.write("test/gates/scripts/check-mirror.test.ts", "");
  project.write("test/unit/scripts/gates/files.test.ts", "");
  project.write("src/tested.ts", LONG);
  project.write("test/unit/tested.test.ts", "");
});
afterEach(() => project.end());

const mirror = () => project.script("scripts/check-mirror.ts");

describe("check-mirror", () => {
  test("passes when each long file has its test", () => {
    expect(mirror()).toMatchObject({ ok: true });
  });

  test.each([
    ["src/a/b.ts", "test/unit/a/b.test.ts"],
    ["functions/a/b.ts", "test/unit/functions/a/b.test.ts"],
    ["schemas/a.ts", "test/unit/schemas/a.test.ts"],
    ["eval/a.ts", "test/unit/eval/a.test.ts"],
    ["bench/a.ts", "test/unit/bench/a.test.ts"],
    ["scripts/a.ts", "test/unit/scripts/a.test.ts"],
  ])("refuses when %s has no test", (source, place) => {
    project.write(source, LONG);
    expect(mirror()).toMatchObject({
      ok: false,
      output: expect.stringContaining(`${source}: 41 lines and no ${place}`),
    });
  });

  test.each([
    ["src/a/b.ts", "test/worker/a/b.test.ts"],
    ["src/a/b.ts", "test/unit/a/b.masks.test.ts"],
    ["src/a/b.ts", "test/edge/a/b.hang-up.test.ts"],
    ["functions/a/b.ts", "test/functions/a/b.test.ts"],
    ["scripts/b.ts", "test/gates/scripts/b.test.ts"],
  ])("passes when %s has %s", (source, place) => {
    project.write(source, LONG);
    project.write(place, "");
    expect(mirror()).toMatchObject({ ok: true });
  });

  test.each([
    ["a test of another folder", "test/unit/b.test.ts"],
    ["a test of a file with a longer name", "test/unit/a/b-c.test.ts"],
    ["a helper", "test/unit/a/b.ts"],
  ])("refuses when there is only %s", (_case, place) => {
    project.write("src/a/b.ts", LONG);
    project.write(place, "");
    expect(mirror()).toMatchObject({ ok: false });
  });

  test("passes when a file has 40 lines, or types alone", () => {
    project.write("src/short.ts", LONG.replace("export const a = 1;\n", ""));
    project.write("src/types.ts", "export type A = 1;\nexport interface B {}\n".repeat(41));
    expect(mirror()).toMatchObject({ ok: true });
  });

  test("refuses when there is no source file to check", () => {
    project.remove("src");
    project.run("node", "-e", 'require("node:fs").cpSync("scripts", "elsewhere/scripts", { recursive: true })');
    project.remove("scripts");
    expect(project.script("elsewhere/scripts/check-mirror.ts")).toMatchObject({
      ok: false,
      output: expect.stringContaining("nothing was checked"),
    });
  });
});
