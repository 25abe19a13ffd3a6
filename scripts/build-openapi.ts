/**
 * Writes `schemas/openapi.json` from `schemas/operations.ts`, and `schemas/evaluated-post.json`, the JSON Schema of the
 * files that `npm run eval -- score` compares. With `--check` it writes nothing and fails when one is not up to date.
 */
import { readFile } from "node:fs/promises";
import { writeGenerated } from "./generated.ts";
import { buildComponents } from "./openapi/components.ts";
import { openApiDocument } from "./openapi/document.ts";
import { buildEvaluatedPost } from "./openapi/evaluated-post.ts";
import { wrappedJson } from "./openapi/wrapped-json.ts";
import { readComments } from "./schema-comments.ts";

const root = new URL("../", import.meta.url);
// These modules declare or import every schema of the document.
const modules = [
  "problem",
  "recognize",
  "stage-routes",
  "health",
  "jobs",
  "mcp",
  "discord",
  "slack",
  "stream",
  "accounts",
  "plans",
  "prices",
  "webhooks",
  "batches",
  "sources",
].map((name) => new URL(`schemas/${name}.ts`, root));
const comments = (await Promise.all(modules.map((module) => readComments(module)))).flatMap((map) => [...map]);
const { version } = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as { version: string };

const described = new Map(comments);
// Its fields are taken from those of a request.
const [request, settings] = [described.get("RecognizeRequest"), described.get("RequestSettings")];
if (request && settings) described.set("RequestSettings", { ...settings, fields: request.fields });
const document = openApiDocument(buildComponents(described), version);
const evaluation = await readComments(new URL("schemas/evaluation.ts", root));
const files = {
  "schemas/openapi.json": document,
  "schemas/evaluated-post.json": buildEvaluatedPost(evaluation),
};
const texts = Object.entries(files).map(([file, content]) => [file, `${wrappedJson(content)}\n`]);
await writeGenerated(Object.fromEntries(texts), "npm run openapi");
