/** Writes `schemas/openapi.json` from `schemas/operations.ts`, or with `--check` says whether it is up to date. */
import { readFile, writeFile } from "node:fs/promises";
import * as z from "zod/mini";
import { OPERATIONS, type Operation } from "../schemas/operations.ts";
import { Box, OffsetEncoding, PolygonMask, RleMask, Score, Span } from "../schemas/primitives.ts";
import { FieldError, PROBLEMS, Problem, type ProblemCode, problemDocument } from "../schemas/problem.ts";
import { Entity, Image, ImageFacts, Region, StageRecord } from "../schemas/recognize.ts";
import { Sought } from "../schemas/stage-routes.ts";
import { readComments } from "./schema-comments.ts";

type Json = Record<string, unknown>;

const comments = await readComments();

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Schemas that have a name of their own in the document. */
const SHARED = {
  Box,
  Entity,
  FieldError,
  Image,
  ImageFacts,
  OffsetEncoding,
  PolygonMask,
  Problem,
  Region,
  RleMask,
  Score,
  Span,
  StageRecord,
};

const registry = z.registry<{ id: string } & Json>();
for (const [id, schema] of Object.entries(SHARED)) registry.add(schema, { id });
for (const { request, answer } of OPERATIONS) {
  if (request) registry.add(request.schema, { id: request.name, ...wordsRule(request.schema) });
  if (answer) registry.add(answer.schema, { id: answer.name });
}

// A name or an expression, which the schema checks in code.
registry.add(Sought, { id: "Sought", anyOf: [{ required: ["text"] }, { required: ["expression"] }] });

/** `text` or `tokens`: what the schemas check in code, said in JSON Schema. */
function wordsRule(schema: z.ZodMiniType): Json {
  const shape = schema instanceof z.ZodMiniObject ? schema.shape : {};
  return "tokens" in shape ? { oneOf: [{ required: ["text"] }, { required: ["tokens"] }] } : {};
}

/** What callers send is described as it is sent (defaults left out), what they get as it comes. */
function components(): Json {
  const options = {
    metadata: registry,
    uri: (id: string) => `#/components/schemas/${id}`,
    unrepresentable: "any",
  } as const;
  const sent = z.toJSONSchema(registry, { ...options, io: "input" }).schemas as Record<string, Json>;
  const got = z.toJSONSchema(registry, { ...options, io: "output" }).schemas as Record<string, Json>;
  const requests = new Set(["Sought", ...OPERATIONS.flatMap(({ request }) => request?.name ?? [])]);
  const names = Object.keys(got).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const { $schema: _, $id: __, id: ___, ...schema } = (requests.has(name) ? sent : got)[name] ?? {};
      return [name, described(name, schema)];
    }),
  );
}

/** The schema with what the comments say of it and of its fields, however deep. */
function described(name: string, schema: Json, top = true): Json {
  const { properties, items, ...rest } = schema as { properties?: Record<string, Json>; items?: Json } & Json;
  const fields = Object.entries(properties ?? {}).map(([field, inner]) => {
    const description = comments.ofField(name, field);
    return [field, { ...(description === undefined ? {} : { description }), ...described(name, inner, false) }];
  });
  const description = top ? comments.of(name) : undefined;
  return {
    ...(description === undefined ? {} : { description }),
    ...rest,
    ...(items ? { items: described(name, items, false) } : {}),
    ...(properties ? { properties: Object.fromEntries(fields) } : {}),
  };
}

const schemas = components();
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The same fields as parts of a form: the picture as a file, the others as text, those that are no strings as JSON. */
function formOf(name: string): Json {
  const { properties = {}, required = [] } = schemas[name] as { properties?: Json; required?: string[] };
  const parts = {
    ...properties,
    ...("image" in properties ? { image: { type: "string", contentMediaType: "application/octet-stream" } } : {}),
  };
  const whole = {
    type: "string",
    contentMediaType: "application/json",
    description: "All fields but the picture, as one JSON part, in place of the others.",
  };
  return {
    type: "object",
    properties: { ...parts, request: whole },
    required: required.filter((field) => field === "image"),
    additionalProperties: false,
  };
}

function requestBody({ request }: Operation): Json {
  if (!request) return {};
  const examples = Object.fromEntries(Object.entries(request.examples).map(([name, value]) => [name, { value }]));
  const json = { schema: reference(request.name), examples };
  const form = { schema: formOf(request.name) };
  return { requestBody: { required: true, content: { "application/json": json, "multipart/form-data": form } } };
}

const HEADERS = { "X-Request-Id": { $ref: "#/components/headers/RequestId" } };

function responses({ answer, files = {}, problems, request }: Operation): Json {
  const content: Json = {};
  if (answer)
    content["application/json"] = { schema: reference(answer.name), examples: { answer: { value: answer.example } } };
  for (const type of Object.keys(files)) content[type] = { schema: { type: "string", contentMediaType: type } };
  const description = answer ? "The answer." : Object.values(files).join(" ");
  const taken = { description: "Taken.", headers: HEADERS };
  const good: Json = description === "" ? { "204": taken } : { "200": { description, headers: HEADERS, content } };
  if (!request && files["image/png"] && !answer) {
    good["206"] = { description: "The part that Range asked for.", headers: HEADERS, content };
    good["304"] = { description: "The caller has it already.", headers: HEADERS };
  }
  const statuses = new Set(problems.map((code) => PROBLEMS[code].status));
  for (const status of [...statuses].toSorted((a, b) => a - b)) {
    const codes = [...new Set(problems)].filter((code) => PROBLEMS[code].status === status);
    const examples = Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }]));
    const titles = codes.map((code) => PROBLEMS[code].title).join("; ");
    good[status] = {
      description: `${titles}.`,
      headers: HEADERS,
      content: { "application/problem+json": { schema: reference("Problem"), examples } },
    };
  }
  return good;
}

function problemExample(code: ProblemCode): Problem {
  return problemDocument(code, PROBLEMS[code].example, { request_id: "req_01KB2Q4V8N0000000000000000" });
}

function parameters({ parameters: names = [], signed = false, headers = [] }: Operation): Json {
  const inPath = names.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    description: "As it stands in the link.",
  }));
  const inQuery = ["expires", "signature"].map((name) => ({
    name,
    in: "query",
    required: true,
    schema: { type: "string" },
    description: "As it stands in the link.",
  }));
  const inHeaders = headers.map((name) => ({
    name,
    in: "header",
    required: true,
    schema: { type: "string" },
    description: "Standard Webhooks 1.0.",
  }));
  const all = [...inPath, ...(signed ? inQuery : []), ...inHeaders];
  return all.length > 0 ? { parameters: all } : {};
}

const paths: Record<string, Json> = {};
for (const operation of OPERATIONS) {
  const { id, method, path, tag, summary, description } = operation;
  paths[path] = {
    ...paths[path],
    [method]: {
      operationId: id,
      tags: [tag],
      summary,
      description,
      security: [],
      ...parameters(operation),
      ...requestBody(operation),
      responses: responses(operation),
    },
  };
}

const document = {
  openapi: "3.1.0",
  info: {
    title: "Namesight",
    version,
    summary: "A social-media post goes in; its named entities come out: type, visibility, boxes and masks.",
    description:
      "Errors are RFC 9457 documents; each kind has a page under /problems/. A field that is unknown or not built yet is refused by name.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: "/", description: "Where this document is served." }],
  tags: [
    { name: "recognition", description: "The product." },
    { name: "stages", description: "Its stages, each callable alone." },
    { name: "files", description: "Behind signed links." },
    { name: "service", description: "About the service." },
  ],
  paths,
  components: {
    schemas,
    headers: { RequestId: { description: "The request's id: `req_` and a ULID.", schema: { type: "string" } } },
  },
};

const path = new URL("../schemas/openapi.json", import.meta.url);
const text = `${JSON.stringify(document, null, 1)}\n`;
if (!process.argv.includes("--check")) await writeFile(path, text);
else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
  console.error("schemas/openapi.json is not up to date: run npm run openapi");
  process.exitCode = 1;
}
