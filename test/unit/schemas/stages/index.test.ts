import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import type * as z from "zod/mini";
import { STAGE_NAMES, STAGES, StageName } from "../../../../schemas/stages/index.ts";

const root = resolve(import.meta.dirname, "../../../..");

/**
 * The files that a new stage touches outside its own folders and files. wrangler.toml, where its chain is configured,
 * and the documentation come on top.
 */
const ENUMERATING = [
  // What a benchmark's models answer for each stage, how long they take, and the schedule of their calls.
  "bench/edge/plan.ts",
  "bench/edge/setups.ts",
  "bench/models/answers.ts",
  "functions/stages.ts",
  // One example of each stage's input and output.
  "schemas/stages/examples.ts",
  "schemas/stages/index.ts",
  // What becomes of an answer when a stage fails, by stage.
  "scripts/pages/fault-matrix.ts",
  // The stages of each task, whose hosts admit the post.
  "src/pipeline/recognize.ts",
  "src/stages/index.ts",
];

/** The stages that a file names as a key, as a string by itself, or by an import from the stage's folder or file. */
function stagesNamedIn(text: string): string[] {
  const named = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      for (const part of node.moduleSpecifier.text.split(/[/.]/)) named.add(part);
      return;
    }
    if (ts.isStringLiteralLike(node)) named.add(node.text);
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) named.add(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true));
  return STAGE_NAMES.filter((stage) => named.has(stage));
}

describe("STAGES", () => {
  test("is enumerated in no other files than those that a new stage has to touch", () => {
    const files = globSync("{schemas,src,functions,scripts,eval,bench}/**/*.ts", { cwd: root });
    expect(files.length).toBeGreaterThan(150);
    const enumerating = files.filter((file) => stagesNamedIn(readFileSync(resolve(root, file), "utf8")).length >= 5);
    expect(enumerating.filter((file) => !ENUMERATING.includes(file))).toEqual([]);
    expect(enumerating).toEqual(
      expect.arrayContaining(["functions/stages.ts", "schemas/stages/index.ts", "src/stages/index.ts"]),
    );
  });

  test.each([
    ["keys", "export const a = { picture: 1, mner: 1, expansion: 1, entailment: 1, grounding: 1 };"],
    ["entries", 'export const a = new Set(["picture", "caption", "entailment", "grounding", "segmentation"]);'],
    ["imports", ["mner", "picture", "caption", "grounding", "expansion"].map((n) => `import "./${n}/a.ts";`).join("")],
  ])("is found to be enumerated when a file has %s", (_, text) => {
    expect(stagesNamedIn(text)).toHaveLength(5);
  });

  test.each(STAGE_NAMES)("%s: names lists that its input and its output have", (stage) => {
    const { input, output, lists, picture } = STAGES[stage];
    const fields = (schema: z.ZodMiniType): string[] => Object.keys((schema as z.ZodMiniObject).shape);
    if (lists) {
      expect(fields(input)).toContain(lists.split);
      expect(fields(output)).toContain(lists.join);
    }
    expect(fields(input).includes("image")).toBe(picture !== "none");
  });

  test.each(STAGE_NAMES)("%s: takes an input without a picture only when the picture is not required", (stage) => {
    const { issues = [] } = STAGES[stage].input.safeParse({}).error ?? {};
    expect(issues.some(({ path }) => path[0] === "image")).toBe(STAGES[stage].picture === "required");
  });
});

describe("StageName", () => {
  test("takes the names of the table and no other", () => {
    for (const stage of STAGE_NAMES) expect(StageName.parse(stage)).toBe(stage);
    expect(StageName.safeParse("retrieval").success).toBe(false);
  });
});
