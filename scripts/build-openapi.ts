/**
 * Writes `schemas/openapi.json` from `schemas/operations.ts`. With `--check` it writes nothing and fails when the file
 * is not up to date.
 */
import { readFile } from "node:fs/promises";
import { writeGenerated } from "./generated.ts";
import { buildComponents } from "./openapi/components.ts";
import { openApiDocument } from "./openapi/document.ts";
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
await writeGenerated({ "schemas/openapi.json": `${wrappedJson(document)}\n` }, "npm run openapi");
