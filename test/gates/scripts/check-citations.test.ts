import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

let project: PlantedProject;
/** A project that cites one file of its own and one heading. */
beforeEach(() => {
  project = plantProject(["package.json"]);
  for (const file of ["check-citations.ts", "gates/files.ts"]) project.copy(`scripts/${file}`);
  project.write("docs/reference/method.md", "# The method\n\n## Scoring\n\n### Yes or no?\n");
  project.write("src/good.ts", '/** See docs/reference/method.md, "Scoring". */\nexport const good = 1;\n');
});
afterEach(() => project.end());

const citations = () => project.script("scripts/check-citations.ts");

describe("check-citations", () => {
  test("passes when everything cited exists", () => {
    expect(citations()).toMatchObject({ ok: true });
  });

  test.each([
    ["a comment cites a file", "src/a.ts", "// See src/b.ts.\nexport {};\n", "src/a.ts:1: src/b.ts does not exist"],
    [
      "a comment cites a heading",
      "test/unit/a.test.ts",
      '\n/**\n * As in docs/reference/method.md,\n * "Data".\n */\n',
      'test/unit/a.test.ts:3: docs/reference/method.md has no heading "Data"',
    ],
    [
      "a document cites a folder",
      "docs/a.md",
      "\nIn `src/nowhere/` it is.\n",
      "docs/a.md:2: src/nowhere/ does not exist",
    ],
    ["a document cites a pattern", "README.md", "`src/<stage>/a.ts`\n", "README.md:1: src/<stage>/a.ts does not exist"],
    ["a document links to a file", "docs/a.md", "[a](b.md)\n", "docs/a.md:1: b.md does not exist"],
    [
      "a document links to a heading",
      "docs/a.md",
      "[a](reference/method.md#data)\n",
      'docs/a.md:1: docs/reference/method.md has no heading "#data"',
    ],
    ["a configuration cites a file", "wrangler.toml", 'a = "b" # docs/none.md\n', "docs/none.md does not exist"],
  ])("refuses when %s that does not exist", (_case, file, text, finding) => {
    project.write(file, text);
    const { ok, output } = citations();
    expect(output).toContain(finding);
    expect(ok).toBe(false);
  });

  // Divided, so that this file does not name them itself.
  test.each([
    ["hosted", "-apis 3.1"],
    ["tool", "chain"],
    ["riveg", ", section 3"],
    ["design", " section 3"],
    ["../", "shared/a"],
    ["style", ".md"],
  ])("refuses when a file names %s%s", (start, rest) => {
    project.write("test/unit/a.test.ts", `export const a = "as ${start}${rest} says";\n`);
    expect(citations()).toMatchObject({
      ok: false,
      output: expect.stringMatching(/^test\/unit\/a\.test\.ts:1: names "/m),
    });
  });

  test.each([
    ["the file exists from the top", "src/a.ts", "// src/good.ts\nexport {};\n"],
    ["the heading is broken over two lines", "src/a.ts", '// docs/reference/method.md, "Yes or\n// no?"\nexport {};\n'],
    ["a link goes to a heading", "docs/a.md", "[a](reference/method.md#yes-or-no)\n"],
    ["a link goes to another host", "docs/a.md", "[a](https://host.test/b.md)\n"],
    ["the path is another repository's", "src/a.ts", "// replicate/cog 0.22, docs/http.md\nexport {};\n"],
    ["two files are cited in a row", "src/a.ts", "// src/good.ts, docs/reference/method.md\nexport {};\n"],
    ["the path stands in a string", "src/a.ts", 'export const a = "src/none.ts";\n'],
    ["a pattern matches", "docs/a.md", "`docs/<folder>/method.md`\n"],
  ])("passes when %s", (_case, file, text) => {
    project.write(file, text);
    expect(citations()).toMatchObject({ ok: true });
  });

  test("refuses when there is no citation to check", () => {
    project.write("src/good.ts", "export {};\n");
    project.run("node", "-e", 'require("node:fs").cpSync("scripts", "elsewhere/scripts", { recursive: true })');
    project.remove("scripts");
    expect(project.script("elsewhere/scripts/check-citations.ts")).toMatchObject({
      ok: false,
      output: expect.stringContaining("nothing was checked"),
    });
  });
});
