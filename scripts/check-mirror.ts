/**
 * Gate: every source file of more than 40 lines has a test at the same path under `test/`, so that whoever changes a
 * file knows where its tests are. `src/<folder>/<file>.ts` is tested by `test/unit/<folder>/<file>.test.ts`, or by the
 * same path in another group of tests; `<file>.<aspect>.test.ts` counts too. A file of types alone needs none: nothing
 * of it runs.
 */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { linesOf, listFiles, parse, reportFindings, SOURCE_FOLDERS } from "./gates/files.ts";

const LINES = 40;
/** The groups of tests, each a folder of `test/`. */
const GROUPS = ["unit", "worker", "functions", "edge", "demo", "gates"];

const all = listFiles(".ts");
const tests = new Set(all.filter((file) => file.startsWith("test/")).map(withoutAspect));
const sources = all.filter((file) => SOURCE_FOLDERS.some((folder) => file.startsWith(`${folder}/`)));
const long = sources.flatMap((file) => {
  const lines = linesOf(readFileSync(file, "utf8")).length;
  return lines > LINES && hasCode(file) ? [{ file, lines }] : [];
});
const findings = long.flatMap(({ file, lines }) => {
  const places = testPlaces(file);
  return places.some((place) => tests.has(place)) ? [] : [`${file}: ${lines} lines and no ${places[0]}`];
});
reportFindings(findings, long.length, `source files of more than ${LINES} lines`);

/** Where a file's tests may be, the most usual place first. */
function testPlaces(file: string): string[] {
  const path = file.replace(/^src\//, "").replace(/\.ts$/, ".test.ts");
  const places = GROUPS.map((group) => `test/${group}/${path}`);
  // test/functions has nothing but the functions' tests, so their folder does not stand in it twice.
  return file.startsWith("functions/") ? [...places, `test/${path}`] : places;
}

/** `b.<aspect>.test.ts` as `b.test.ts`. */
function withoutAspect(file: string): string {
  return file.replace(/([^/.]+)\.[^/]+\.test\.ts$/, "$1.test.ts");
}

/** Whether anything is left of a file when its types are stripped. */
function hasCode(file: string): boolean {
  return parse(file).statements.some(
    (statement) =>
      !ts.isInterfaceDeclaration(statement) &&
      !ts.isTypeAliasDeclaration(statement) &&
      !ts.isImportDeclaration(statement) &&
      !ts.isExportDeclaration(statement),
  );
}
