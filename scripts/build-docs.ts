/** Writes `docs/limits.md` and `docs/problems.md` from `schemas/`, or with `--check` says whether they are up to date. */
import { readFile, writeFile } from "node:fs/promises";
import { DEFAULTS, LIMITS } from "../schemas/limits.ts";
import { PROBLEMS } from "../schemas/problem.ts";

const source = await readFile(new URL("../schemas/limits.ts", import.meta.url), "utf8");

/** The comment that stands before a key in `schemas/limits.ts`. */
function meaning(key: string): string {
  const found = new RegExp(String.raw`/\*\* ([^*]+) \*/\s+${key}:`).exec(source)?.[1];
  if (!found) throw new Error(`schemas/limits.ts says nothing of ${key}`);
  return found;
}

const grouped = (value: number) => value.toLocaleString("en-US");
const rows = (table: Readonly<Record<string, number>>) =>
  Object.entries(table).map(([key, value]) => `| \`${key}\` | ${grouped(value)} | ${meaning(key)} |`);
const header = "<!-- Written by scripts/build-docs.ts; change schemas/ instead. -->";

const limits = `${header}

# Limits and defaults

| limit | value | of what |
| --- | ---: | --- |
${rows(LIMITS).join("\n")}

| default | value | meaning |
| --- | ---: | --- |
${rows(DEFAULTS).join("\n")}
`;

const pages = Object.entries(PROBLEMS)
  .toSorted(([, a], [, b]) => a.status - b.status)
  .map(([code, { status, title, when, remedy, example }]) => {
    const where = status === 200 ? "In an answer's `problems`; it never ends a request." : `HTTP ${status}.`;
    return `## ${code}\n\n**${title}.** ${where}\n\n${when} ${remedy}\n\n> ${example}\n`;
  });
const problems = `${header}

# Problems

Errors are RFC 9457 documents (\`application/problem+json\`) with \`type\`, \`title\`, \`status\`, \`code\`, \`detail\`, \`request_id\` and, where a field is to
blame, \`errors\`: each with a JSON \`pointer\`, a \`detail\`, the \`limit\` and the \`value\`. \`type\` is the path of the page below on the deployment itself.

${pages.join("\n")}`;

let stale = false;
for (const [file, text] of Object.entries({ "limits.md": limits, "problems.md": problems })) {
  const path = new URL(`../docs/${file}`, import.meta.url);
  if (!process.argv.includes("--check")) await writeFile(path, text);
  else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
    console.error(`docs/${file} is not up to date: run npm run docs`);
    stale = true;
  }
}
process.exitCode = stale ? 1 : 0;
