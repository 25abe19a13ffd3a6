import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

let project: PlantedProject;
beforeEach(() => {
  project = plantProject(["package.json", "scripts", "schemas"]);
  for (const file of ["lexicon.json", "manifest.json"]) project.copy(`functions/weights/${file}`);
});
afterEach(() => project.end());

describe("build-lexicon --check", () => {
  test("passes when the lexicon is what WordNet gives", () => {
    expect(project.script("scripts/build-lexicon.ts", "--check")).toMatchObject({ ok: true });
  });

  test.each([
    ["lexicon.json", "{}"],
    ["manifest.json", '{"weights": []}'],
  ])("refuses when %s is another", (file, text) => {
    project.write(`functions/weights/${file}`, text);
    expect(project.script("scripts/build-lexicon.ts", "--check")).toMatchObject({
      ok: false,
      output: expect.stringContaining("is out of date: npm run lexicon"),
    });
  });
});
