/**
 * Writes `docs/limits.md` and `docs/problems.md` from `schemas/` and `docs/models.md` from the model files, or with
 * `--check` says whether they are up to date.
 */
import { readFile, writeFile } from "node:fs/promises";
import { DEFAULTS, LIMITS } from "../schemas/limits.ts";
import { PROBLEMS } from "../schemas/problem.ts";
import { formatMarkdown, listModels } from "./models/list.ts";

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

const models = `<!-- Written by scripts/build-docs.ts; change the cards in src/stages/ instead. -->

# Models

What a stage's chain may name: \`provider/model\`, with \`@\` and a version behind it where there is one, or \`provider:alias/model\` for a host of one's own
(\`ENDPOINT_<ALIAS>\`). \`NAME\` is any name, \`…\` the rest of one. Where two models serve a name, the first does. \`npm run models\` prints the same;
\`npm run models -- check\` holds the Replicate versions of the chains in wrangler.toml to their live schemas. How a chain is put together:
[deploy.md](deploy.md).

- *picture*: \`link\` where the model follows a link to the picture, \`data\` where it is sent the bytes, \`none\` where it sees no picture.
- *a call costs at most*: \`depends\` where that is the host's to say. Prices are as they were read at the date beside them.

${formatMarkdown(listModels())}`;

let stale = false;
for (const [file, text] of Object.entries({ "limits.md": limits, "models.md": models, "problems.md": problems })) {
  const path = new URL(`../docs/${file}`, import.meta.url);
  if (!process.argv.includes("--check")) await writeFile(path, text);
  else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
    console.error(`docs/${file} is not up to date: run npm run docs`);
    stale = true;
  }
}
process.exitCode = stale ? 1 : 0;
