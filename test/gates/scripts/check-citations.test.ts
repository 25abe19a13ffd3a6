import { afterAll, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "../planted-project.ts";

const projects: PlantedProject[] = [];
afterAll(() => {
  for (const project of projects) project.end();
});

/** A project that cites one file of its own and one heading, with these files besides. */
function projectWith(files: readonly (readonly [file: string, text: string])[] = []): PlantedProject {
  const project = plantProject(["package.json"]);
  projects.push(project);
  for (const file of ["check-citations.ts", "gates/files.ts"]) project.copy(`scripts/${file}`);
  project.write("docs/reference/method.md", "# The method\n\n## Scoring\n\n### Yes or no?\n");
  project.write("src/good.ts", '/** See docs/reference/method.md, "Scoring". */\nexport const good = 1;\n');
  for (const [file, text] of files) project.write(file, text);
  return project;
}

const citations = (project: PlantedProject) => project.script("scripts/check-citations.ts");

/** Files with a citation of what does not exist, and what is said of each. */
const MISSING = [
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
  ["a document links to a file", "docs/c.md", "[a](b.md)\n", "docs/c.md:1: b.md does not exist"],
  [
    "a document links to a heading",
    "docs/d.md",
    "[a](reference/method.md#data)\n",
    'docs/d.md:1: docs/reference/method.md has no heading "#data"',
  ],
  ["a configuration cites a file", "wrangler.toml", 'a = "b" # docs/none.md\n', "docs/none.md does not exist"],
] as const;
/** Names that are refused. Divided, so that this file does not name them itself. */
const NAMES = [
  ["hosted", "-apis 3.1"],
  ["tool", "chain"],
  ["riveg", ", section 3"],
  ["design", " section 3"],
  ["../", "shared/a"],
  ["style", ".md"],
] as const;
/** Files whose citations exist, or are none. */
const RIGHT = [
  ["the file exists from the top", "src/a.ts", "// src/good.ts\nexport {};\n"],
  ["the heading is broken over two lines", "src/b.ts", '// docs/reference/method.md, "Yes or\n// no?"\nexport {};\n'],
  ["a link goes to a heading", "docs/a.md", "[a](reference/method.md#yes-or-no)\n"],
  ["a link goes to another host", "docs/b.md", "[a](https://host.test/b.md)\n"],
  ["the path is another repository's", "src/c.ts", "// replicate/cog 0.22, docs/http.md\nexport {};\n"],
  ["two files are cited in a row", "src/d.ts", "// src/good.ts, docs/reference/method.md\nexport {};\n"],
  ["the path stands in a string", "src/e.ts", 'export const a = "src/none.ts";\n'],
  ["a pattern matches", "docs/c.md", "`docs/<folder>/method.md`\n"],
] as const;

describe("check-citations", () => {
  test("passes when everything cited exists", () => {
    expect(citations(projectWith())).toMatchObject({ ok: true });
  });

  describe("refuses", () => {
    const { ok, output } = citations(projectWith(MISSING.map(([, file, text]) => [file, text])));

    test.each(MISSING)("when %s that does not exist", (_case, _file, _text, finding) => {
      expect(output).toContain(finding);
      expect(ok).toBe(false);
    });

    test("nothing else", () => {
      expect(output).toContain(` citations, ${MISSING.length} findings`);
    });
  });

  describe("refuses when a file names", () => {
    const named = NAMES.map(([start, rest], index) => {
      return [`test/unit/a${index}.test.ts`, `export const a = "as ${start}${rest} says";\n`] as const;
    });
    const { ok, output } = citations(projectWith(named));

    test.each(NAMES.map(([start, rest], index) => [start, rest, index] as const))("%s%s", (_start, _rest, index) => {
      expect(output).toMatch(new RegExp(`^test/unit/a${index}\\.test\\.ts:1: names "`, "m"));
      expect(ok).toBe(false);
    });
  });

  describe("passes", () => {
    const { ok, output } = citations(projectWith(RIGHT.map(([, file, text]) => [file, text])));

    test.each(RIGHT)("when %s", (_case, file) => {
      expect(output).not.toContain(`${file}:`);
      expect(ok).toBe(true);
    });
  });

  test("refuses when there is no citation to check", () => {
    const project = projectWith([["src/good.ts", "export {};\n"]]);
    project.run("node", "-e", 'require("node:fs").cpSync("scripts", "elsewhere/scripts", { recursive: true })');
    project.remove("scripts");
    expect(project.script("elsewhere/scripts/check-citations.ts")).toMatchObject({
      ok: false,
      output: expect.stringContaining("nothing was checked"),
    });
  });
});
