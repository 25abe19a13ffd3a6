import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import manifest from "../../../functions/weights/manifest.json" with { type: "json" };
import { type PlantedProject, plantProject } from "../planted-project.ts";

const FILES = ["functions/weights/lexicon.json.br", "functions/weights/manifest.json"] as const;
const OUT_OF_DATE = { ok: false, output: expect.stringContaining("is out of date: npm run lexicon") };

let project: PlantedProject;
beforeEach(() => {
  project = plantProject(["package.json", "scripts", "schemas"]);
  for (const file of FILES) project.copy(file);
});
afterEach(() => project.end());

/** The manifest, where the lexicon's entry is of these bytes. */
const manifestOf = (lexicon: Uint8Array) => {
  const sums = { sha256: createHash("sha256").update(lexicon).digest("hex"), bytes: lexicon.length };
  const weights = manifest.weights.map((entry) => (entry.file === "lexicon.json.br" ? { ...entry, ...sums } : entry));
  return JSON.stringify({ weights });
};

describe("build-lexicon --check", () => {
  test("passes when the lexicon is what WordNet gives", () => {
    expect(project.script("scripts/build-lexicon.ts", "--check")).toMatchObject({ ok: true });
  });

  test.each([
    ["another", brotliCompressSync("{}")],
    ["not compressed", Buffer.from("{}")],
  ])("refuses when the lexicon is %s and the manifest agrees with it", (_, lexicon) => {
    project.write(FILES[0], lexicon);
    project.write(FILES[1], manifestOf(lexicon));
    expect(project.script("scripts/build-lexicon.ts", "--check")).toMatchObject(OUT_OF_DATE);
  });

  test("refuses when the manifest is another", () => {
    project.write(FILES[1], '{"weights": []}');
    expect(project.script("scripts/build-lexicon.ts", "--check")).toMatchObject(OUT_OF_DATE);
  });
});
