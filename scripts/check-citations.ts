/**
 * Checks that what comments, documents and tests cite can be found: files and folders of this repository, headings
 * behind `docs/….md, "Heading"`, and links and anchors of Markdown. Names of documents that are not in this repository
 * are refused. A check that found no citation fails: it would pass anything.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const CODE = "{src,functions,schemas,eval,scripts,bench,test}/**/*.ts";
const PROSE = [
  "*.md",
  "docs/**/*.md",
  "functions/*.md",
  "training/*.md",
  "examples/*.md",
  "wrangler.toml",
  "training/**/*.py",
];
/** Documents of the workplace where this was built. A reader of the repository cannot open them. */
const FOREIGN =
  /\bhosted-apis\b|\btoolchain(?:\.md|[,:] |\s+section)|\breference: |\briveg(?:\.md|, section)|\bdesign(?:\.md)?[ :,]+section|\bstyle\.md|\becosystem\.md|\bembedded-models\.md|\.\.\/shared\b/;
const GATES = ["scripts/check-citations.ts", "test/unit/scripts/check-citations.test.ts"];

const headingsOf = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/^#+\s+(.+?)\s*$/gm)].map(([, text = ""]) => text);
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

let cited = 0;
const faults: string[] = [];
const files = [...globSync(CODE), ...PROSE.flatMap((pattern) => globSync(pattern))].filter(
  (file) => !GATES.includes(file) && !file.includes("node_modules"),
);
for (const file of files) {
  const text = readFileSync(file, "utf8");
  text.split("\n").forEach((line, index) => {
    const at = `${file}:${index + 1}`;
    const foreign = FOREIGN.exec(line)?.[0];
    if (foreign) faults.push(`${at} cites "${foreign.trim()}", which is not in this repository`);
  });
  // A citation may go on in the next line of a comment.
  const prose = text.replace(/\n\s*(?:\/\/|\*|#)?\s*/g, " ");
  for (const [, path = "", heading = ""] of prose.matchAll(/\b(docs\/[\w/-]+\.md), "([^"]+)"/g)) {
    cited++;
    if (!existsSync(path)) faults.push(`${file} cites ${path}, which does not exist`);
    else if (!headingsOf(path).includes(heading))
      faults.push(`${file} cites "${heading}" of ${path}, which has no such heading`);
  }
  for (const [, path = ""] of prose.matchAll(
    /(?<![\w/.@-])((?:docs|src|functions|schemas|scripts|eval|bench|test|training)\/[\w/.-]*\w\.(?:md|ts|json|py|toml))\b/g,
  )) {
    cited++;
    if (!existsSync(path)) faults.push(`${file} cites ${path}, which does not exist`);
  }
  if (!file.endsWith(".md")) continue;
  for (const [, target = ""] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
    cited++;
    const [path = "", anchor] = target.split("#");
    const resolved = path === "" ? file : normalize(join(dirname(file), path));
    if (!existsSync(resolved)) faults.push(`${file} links to ${target}, which does not exist`);
    else if (anchor && resolved.endsWith(".md") && !headingsOf(resolved).map(anchorOf).includes(anchor))
      faults.push(`${file} links to ${target}, which has no such heading`);
  }
}
for (const fault of faults) console.error(fault);
console.log(`${files.length} files, ${cited} citations, ${faults.length} that lead nowhere`);
process.exit(cited === 0 || faults.length > 0 ? 1 : 0);
