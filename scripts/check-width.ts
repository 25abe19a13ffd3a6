/**
 * Lists lines of code of more than 120 characters that could be broken, and files of more than 400 lines. The formatter
 * breaks code but neither comments nor strings. A line that is mostly one string, template or URL may be longer.
 */
import { globSync, readFileSync } from "node:fs";

const LONGEST_LINE = 120;
const LONGEST_FILE = 400;
const files = globSync("{src,functions,schemas,eval,scripts,bench,test}/**/*.ts");

/** Whether a line is long only because of a string, which is not broken so that it can be searched for whole. */
const isLongString = (line: string) =>
  line
    .replace(/`[^`]*(?:`|$)/, "S")
    .replace(/"[^"]*"|'[^']*'|\/[^/]+\/[a-z]*/g, "S")
    .trim().length <= 100;
const isComment = (line: string) => /^\s*(?:\/\/|\/?\*)/.test(line);

let faults = 0;
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n");
  let inTemplate = false;
  lines.forEach((line, index) => {
    const startsInTemplate = inTemplate;
    if ((line.match(/(?<!\\)`/g) ?? []).length % 2 === 1) inTemplate = !inTemplate;
    if (line.length <= LONGEST_LINE || startsInTemplate) return;
    if (!isComment(line) && isLongString(line)) return;
    if (isComment(line) && /https?:\/\/\S{40,}/.test(line)) return;
    console.error(`${file}:${index + 1} has ${line.length} characters, at most ${LONGEST_LINE}`);
    faults++;
  });
  if (lines.length - 1 > LONGEST_FILE) {
    console.error(`${file} has ${lines.length - 1} lines, at most ${LONGEST_FILE}`);
    faults++;
  }
}
console.log(`${files.length} files, ${faults} too wide or too long`);
process.exit(files.length === 0 || faults > 0 ? 1 : 0);
