import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

/** Folders of the project's own files; those that a project lacks are skipped. */
export const SOURCE_FOLDERS = ["schemas", "functions", "src", "eval", "bench", "scripts"] as const;
const OTHER_FOLDERS = ["test", "training", "docs", "public", "examples", ".ci", ".github"];
const NOT_OURS = /(?:^|\/)(?:node_modules|weights|dist|out|\.wrangler|__pycache__)(?:\/|$)/;

/** Files at the top and in the project's folders whose names end in one of these, sorted. */
export function listFiles(...endings: readonly string[]): string[] {
  const patterns = [...SOURCE_FOLDERS, ...OTHER_FOLDERS].map((folder) => `${folder}/**/*`);
  const all = globSync([...patterns, "*", ".*"], { exclude: (path) => NOT_OURS.test(path) });
  return all.filter((file) => !NOT_OURS.test(file) && endings.some((ending) => file.endsWith(ending))).sort();
}

/** A TypeScript or JavaScript file as the compiler reads it. */
export function parse(file: string, text = readFileSync(file, "utf8")): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
}

/** Lines of a text, without the empty one behind its last line break. */
export function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** Prints what a gate found, one a line, and how much it looked at. A gate that looked at nothing fails. */
export function reportFindings(findings: readonly string[], looked: number, what: string): void {
  for (const finding of findings) console.error(finding);
  if (looked === 0) console.error(`no ${what} were found: nothing was checked`);
  console.log(`${looked} ${what}, ${findings.length} findings`);
  process.exitCode = findings.length > 0 || looked === 0 ? 1 : 0;
}
