import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

/** Imports that are refused: which file, what it imports, and the rule. */
const REFUSED = [
  ["schemas/a.ts", "src/good.ts", "schemas-import-the-validator-only"],
  ["functions/a.ts", "src/good.ts", "functions"],
  ["src/providers/a.ts", "src/pipeline/b.ts", "providers"],
  ["src/stages/mner/a.ts", "src/pipeline/b.ts", "stages"],
  ["src/pipeline/a.ts", "src/routes/b.ts", "pipeline"],
  ["src/pipeline/c.ts", "src/providers/b.ts", "pipeline"],
  ["src/routes/a.ts", "functions/good.ts", "routes"],
  ["src/mcp/a.ts", "src/routes/b.ts", "mcp"],
  ["src/net/a.ts", "src/pipeline/b.ts", "net"],
  ["src/image/a.ts", "src/net/b.ts", "image"],
  ["src/storage/a.ts", "src/image/b.ts", "storage"],
  ["src/observe/a.ts", "src/net/b.ts", "observe"],
  ["src/routes/c.ts", "src/bindings.ts", "only-app-and-index-read-env"],
  ["src/routes/d.ts", "src/app.ts", "only-index-imports-app"],
  ["eval/a.ts", "src/good.ts", "eval"],
  ["bench/a.ts", "functions/good.ts", "bench"],
  ["src/a.ts", "test/b.ts", "nothing-imports-tests"],
  ["src/c.ts", "src/a-that-is-not-there.ts", "no-missing"],
] as const;

/** A project with nothing to object to. */
function goodProject(): PlantedProject {
  const project = plantProject();
  for (const folder of ["schemas", "functions", "src", "eval", "bench"])
    project.write(`${folder}/good.ts`, "export const good = 1;\n");
  return project;
}

const arrows = (project: PlantedProject) => project.script("scripts/check-arrows.ts");

describe("check-arrows", () => {
  /** What it says of a project that breaks every rule, each in a file of its own. */
  let refusal: ReturnType<PlantedProject["script"]>;
  let good: PlantedProject;
  beforeAll(() => {
    good = goodProject();
    const project = goodProject();
    for (const [from, to] of REFUSED) {
      if (!to.includes("not-there")) project.write(to, "export const good = 1;\n");
      const path = "../".repeat(from.split("/").length - 1) + to;
      project.write(from, `import { good } from "${path}";\nexport const used = good;\n`);
    }
    project.write("schemas/c.ts", 'import type { good } from "../src/good.ts";\nexport type Used = typeof good;\n');
    project.write("src/circle/a.ts", 'import { b } from "./b.ts";\nexport const a = () => b;\n');
    project.write("src/circle/b.ts", 'import { a } from "./a.ts";\nexport const b = () => a;\n');
    refusal = arrows(project);
    project.end();
  });

  afterAll(() => good.end());

  test("passes when nothing is imported", () => {
    expect(arrows(good)).toMatchObject({ ok: true });
  });

  test.each(REFUSED)("refuses when %s imports %s", (from, _to, rule) => {
    expect(refusal.output).toContain(`${rule}: ${from} -> `);
    expect(refusal.ok).toBe(false);
  });

  test("refuses when only a type is imported", () => {
    expect(refusal.output).toContain("schemas-import-the-validator-only: schemas/c.ts -> src/good.ts");
  });

  test("refuses when imports form a circle", () => {
    expect(refusal.output).toMatch(/^no-cycles: src\/circle\/a\.ts -> src\/circle\/b\.ts$/m);
  });

  test("refuses when no module of a folder was parsed", () => {
    good.remove("schemas/good.ts");
    expect(arrows(good)).toMatchObject({ ok: false, output: expect.stringContaining("no module of schemas/") });
  });
});
