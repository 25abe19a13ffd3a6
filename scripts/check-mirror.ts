/**
 * Lists source files of more than 40 lines that run, and have no test at the mirrored path: `src/a/b.ts` is tested by
 * `test/<kind>/a/b.test.ts` or `test/<kind>/a/b.<aspect>.test.ts`, other folders keep their name. Finding no source
 * file or no test is a failure too: such a check would pass anything.
 */
import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

/** Longest source file that needs no test of its own. */
const UNTESTED_LINES = 40;
const SOURCES = "{src,functions,schemas,eval,scripts,bench}/**/*.ts";
const TESTS = "test/**/*.test.ts";

/** Where a test's subject is, as both spell it: without `src/` and the extension. */
const subjectOf = (source: string) => source.replace(/^src\//, "").replace(/\.ts$/, "");

/** The subjects of a test: with each aspect in its name cut off. */
function subjectsOf(test: string): string[] {
  const [, path = ""] = /^test\/[^/]+\/(.*)\.test\.ts$/.exec(test) ?? [];
  // Real weights have a folder of their own: test/functions/<path> is of functions/<path>.
  const paths = test.startsWith("test/functions/") ? [path, `functions/${path}`] : [path];
  return paths.flatMap((one) => {
    const folder = one.slice(0, one.lastIndexOf("/") + 1);
    const parts = one.slice(folder.length).split(".");
    return parts.map((_, index) => folder + parts.slice(0, index + 1).join("."));
  });
}

/** Whether a file has code that runs: one of types alone has nothing to test. */
function runs(text: string): boolean {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ESNext } });
  return outputText.replace(/export \{\s*\};?|\/\/.*|\/\*[\s\S]*?\*\/|import .*;/g, "").trim() !== "";
}

const sources = globSync(SOURCES);
const tests = globSync(TESTS);
const tested = new Set(tests.flatMap(subjectsOf));
const missing = sources
  .filter((source) => !tested.has(subjectOf(source)))
  .filter((source) => {
    const text = readFileSync(source, "utf8");
    return text.split("\n").length - 1 > UNTESTED_LINES && runs(text);
  });
for (const source of missing.toSorted()) console.error(`${source} has more than ${UNTESTED_LINES} lines and no test`);
console.log(`${sources.length} source files, ${tests.length} test files, ${missing.length} without a test`);
process.exit(sources.length === 0 || tests.length === 0 || missing.length > 0 ? 1 : 0);
