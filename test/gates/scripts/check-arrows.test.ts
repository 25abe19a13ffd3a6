import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

let project: PlantedProject;

/** A project with nothing to object to. */
beforeEach(() => {
  project = plantProject();
  for (const folder of ["schemas", "functions", "src", "eval", "bench"])
    project.write(`${folder}/good.ts`, "export const good = 1;\n");
});
afterEach(() => project.end());

const arrows = () => project.script("scripts/check-arrows.ts");

describe("check-arrows", () => {
  test("passes when nothing is imported", () => {
    expect(arrows()).toMatchObject({ ok: true });
  });

  test.each([
    ["schemas/a.ts", "src/good.ts", "schemas-import-the-validator-only"],
    ["functions/a.ts", "src/good.ts", "functions"],
    ["src/providers/a.ts", "src/pipeline/b.ts", "providers"],
    ["src/stages/mner/a.ts", "src/pipeline/b.ts", "stages"],
    ["src/pipeline/a.ts", "src/routes/b.ts", "pipeline"],
    ["src/pipeline/a.ts", "src/providers/b.ts", "pipeline"],
    ["src/routes/a.ts", "functions/good.ts", "routes"],
    ["src/net/a.ts", "src/pipeline/b.ts", "net"],
    ["src/image/a.ts", "src/net/b.ts", "image"],
    ["src/storage/a.ts", "src/image/b.ts", "storage"],
    ["src/observe/a.ts", "src/net/b.ts", "observe"],
    ["src/routes/a.ts", "src/bindings.ts", "only-app-and-index-read-env"],
    ["src/routes/a.ts", "src/app.ts", "only-index-imports-app"],
    ["eval/a.ts", "src/good.ts", "eval"],
    ["bench/a.ts", "functions/good.ts", "bench"],
    ["src/a.ts", "test/b.ts", "nothing-imports-tests"],
    ["src/a.ts", "src/a-that-is-not-there.ts", "no-missing"],
  ])("refuses when %s imports %s", (from, to, rule) => {
    if (!to.includes("not-there")) project.write(to, "export const good = 1;\n");
    const path = "../".repeat(from.split("/").length - 1) + to;
    project.write(from, `import { good } from "${path}";\nexport const used = good;\n`);
    const { ok, output } = arrows();
    expect(output).toContain(`${rule}: ${from}`);
    expect(ok).toBe(false);
  });

  test("refuses when only a type is imported", () => {
    project.write("schemas/a.ts", 'import type { good } from "../src/good.ts";\nexport type Used = typeof good;\n');
    expect(arrows()).toMatchObject({ ok: false });
  });

  test("refuses when imports form a circle", () => {
    project.write("src/a.ts", 'import { b } from "./b.ts";\nexport const a = () => b;\n');
    project.write("src/b.ts", 'import { a } from "./a.ts";\nexport const b = () => a;\n');
    expect(arrows().output).toContain("no-cycles");
  });

  test("refuses when no module of a folder was parsed", () => {
    project.remove("schemas/good.ts");
    expect(arrows()).toMatchObject({ ok: false, output: expect.stringContaining("no module of schemas/") });
  });
});
