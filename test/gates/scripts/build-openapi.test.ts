import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject, ROOT } from "../planted-project.ts";

let project: PlantedProject;

beforeEach(() => {
  project = plantProject(["package.json", "scripts", "schemas"]);
});
afterEach(() => project.end());

describe("build-openapi and lint-openapi", () => {
  test("refuse when the document is not what the schemas say", () => {
    expect(project.script("scripts/build-openapi.ts", "--check")).toMatchObject({ ok: true });
    project.write("schemas/openapi.json", "{}\n");
    expect(project.script("scripts/build-openapi.ts", "--check")).toMatchObject({ ok: false });
  });

  test("refuse when the document breaks a rule of Redocly", () => {
    expect(project.script("scripts/lint-openapi.ts")).toMatchObject({ ok: true });
    const document = JSON.parse(readFileSync(join(ROOT, "schemas/openapi.json"), "utf8"));
    delete document.paths["/v1/recognize"].post.operationId;
    project.write("schemas/openapi.json", JSON.stringify(document));
    const { ok, output } = project.script("scripts/lint-openapi.ts");
    expect(output).toContain("operation-operationId");
    expect(ok).toBe(false);
  });
});
