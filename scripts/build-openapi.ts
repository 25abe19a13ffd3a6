/**
 * Writes `schemas/openapi.json` from `schemas/operations.ts`. With `--check` it writes nothing and fails when the file
 * is not up to date.
 */
import { readFile, writeFile } from "node:fs/promises";
import * as z from "zod/mini";
import { OPERATIONS, type Operation } from "../schemas/operations.ts";
import { Box, OffsetEncoding, PolygonMask, RleMask, Score, Span } from "../schemas/primitives.ts";
import { FieldError, PROBLEMS, Problem, ProblemCode, problemDocument } from "../schemas/problem.ts";
import { ProviderName } from "../schemas/providers.ts";
import { Entity, Image, ImageFacts, MaskReason, Region, StageRecord, VisibilityReason } from "../schemas/recognize.ts";
import { EntityQuery } from "../schemas/stage-routes.ts";
import { StageName } from "../schemas/stages/index.ts";
import { type Described, readComments } from "./schema-comments.ts";

type Json = Record<string, unknown>;

const here = (path: string) => new URL(path, import.meta.url);
// These modules declare or import every schema of the document.
const modules = ["problem", "recognize", "stage-routes", "health"].map((name) => here(`../schemas/${name}.ts`));
const comments = new Map((await Promise.all(modules.map((module) => readComments(module)))).flatMap((map) => [...map]));

const { version } = JSON.parse(await readFile(here("../package.json"), "utf8")) as {
  version: string;
};

/** Schemas that have a name of their own in the document. */
const SHARED = {
  Box,
  Entity,
  EntityQuery,
  FieldError,
  Image,
  ImageFacts,
  MaskReason,
  OffsetEncoding,
  PolygonMask,
  Problem,
  ProblemCode,
  ProviderName,
  Region,
  RleMask,
  Score,
  Span,
  StageName,
  StageRecord,
  VisibilityReason,
};

const registry = z.registry<{ id: string } & Json>();
for (const [id, schema] of Object.entries(SHARED)) registry.add(schema, { id, ...oneRequired(schema) });
for (const { request, answer } of OPERATIONS) {
  if (request) registry.add(request.schema, { id: request.name, ...oneRequired(request.schema) });
  if (answer) registry.add(answer.schema, { id: answer.name });
}

/**
 * The rules on required fields that the schemas check in code, as JSON Schema: exactly one of `text` and `tokens`, and
 * at least one of `text` and `expression`. Generators of clients make no types of `if`, and wrong ones of `oneOf`.
 */
function oneRequired(schema: z.ZodMiniType): Json {
  const shape = schema instanceof z.ZodMiniObject ? schema.shape : {};
  if ("tokens" in shape) return { if: having("text"), else: having("tokens"), not: having("text", "tokens") };
  return schema === EntityQuery ? { if: having("text"), else: having("expression") } : {};
}

/** A schema of objects that have certain fields. The linter wants them, and that there may be more, spelt out. */
function having(...required: string[]): Json {
  return {
    properties: Object.fromEntries(required.map((field) => [field, {}])),
    required,
    additionalProperties: true,
  };
}

/** The named schemas. Fields with a default are optional in requests and always there in answers. */
function components(): Json {
  const options = {
    metadata: registry,
    uri: (id: string) => `#/components/schemas/${id}`,
    unrepresentable: "any",
  } as const;
  const sent = z.toJSONSchema(registry, { ...options, io: "input" }).schemas as Record<string, Json>;
  const got = z.toJSONSchema(registry, { ...options, io: "output" }).schemas as Record<string, Json>;
  const requests = new Set(["EntityQuery", ...OPERATIONS.flatMap(({ request }) => request?.name ?? [])]);
  const names = Object.keys(got).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const { $schema: _, $id: __, id: ___, ...schema } = (requests.has(name) ? sent : got)[name] ?? {};
      return [name, described(schema, comments.get(name))];
    }),
  );
}

/**
 * A JSON schema with the descriptions of the comments, at every depth. A reference does not repeat the description of
 * what it refers to.
 */
function described(schema: Json, comments: Described | undefined): Json {
  const { properties, items, anyOf, ...rest } = schema as {
    properties?: Record<string, Json>;
    items?: Json;
    anyOf?: Json[];
  } & Json;
  const fields = Object.entries(properties ?? {}).map(([name, field]) => {
    return [name, described(field, comments?.fields.get(name))];
  });
  return {
    ...(comments?.comment && (comments.own || !refers(schema)) ? { description: comments.comment } : {}),
    ...rest,
    ...(items ? { items: described(items, comments?.items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map((choice) => described(choice, insideOf(comments))) } : {}),
    ...(properties ? { properties: Object.fromEntries(fields) } : {}),
  };
}

/** Whether a schema is a reference, or null or a reference. */
function refers({ $ref, anyOf = [] }: { $ref?: unknown; anyOf?: Json[] } & Json): boolean {
  return $ref !== undefined || anyOf.some(refers);
}

/** What is said of the fields and items of a schema, without what is said of the schema itself. */
function insideOf(comments: Described | undefined): Described | undefined {
  return comments && { ...comments, comment: undefined };
}

const schemas = components();
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The same fields as parts of a form: the picture as a file, strings as text, everything else as JSON. */
function formOf(name: string): Json {
  const { properties = {}, required = [] } = schemas[name] as { properties?: Json; required?: string[] };
  const parts = {
    ...properties,
    ...("image" in properties
      ? {
          image: {
            type: "string",
            contentMediaType: "application/octet-stream",
            description: "The picture as a file.",
          },
        }
      : {}),
  };
  const whole = {
    type: "string",
    contentMediaType: "application/json",
    description: "All fields except the picture, as one JSON part that replaces the others.",
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

function responses({ answer, files = {}, ranges = false, problems }: Operation): Json {
  const content: Json = {};
  if (answer)
    content["application/json"] = { schema: reference(answer.name), examples: { answer: { value: answer.example } } };
  else for (const type of Object.keys(files)) content[type] = { schema: { type: "string", contentMediaType: type } };
  // Beside JSON, files stand in an extension: a generated client would type the answer as a string or JSON.
  const others = answer && Object.keys(files).length > 0 ? { "x-other-media-types": files } : {};
  const description = answer ? "The answer." : Object.values(files).join(" ");
  const taken = { description: "Taken.", headers: HEADERS };
  const all: Json =
    description === "" ? { "204": taken } : { "200": { description, headers: HEADERS, content, ...others } };
  if (ranges) {
    all["206"] = { description: "The part that Range asks for.", headers: HEADERS, content };
    all["304"] = { description: "If-None-Match names the current version.", headers: HEADERS };
  }
  const statuses = new Set(problems.map((code) => PROBLEMS[code].status));
  for (const status of [...statuses].toSorted((a, b) => a - b)) {
    const codes = [...new Set(problems)].filter((code) => PROBLEMS[code].status === status);
    const examples = Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }]));
    const titles = codes.map((code) => PROBLEMS[code].title).join("; ");
    all[status] = {
      description: `${titles}.`,
      headers: HEADERS,
      content: { "application/problem+json": { schema: reference("Problem"), examples } },
    };
  }
  return all;
}

function problemExample(code: ProblemCode): Problem {
  return problemDocument(code, PROBLEMS[code].example, { request_id: "req_01KB2Q4V8N0000000000000000" });
}

function parameters({ pathParameters = {}, queryParameters = {}, headers = {} }: Operation): Json {
  const all = Object.entries({ path: pathParameters, query: queryParameters, header: headers }).flatMap(
    ([place, named]) =>
      Object.entries(named).map(([name, description]) => {
        return { name, in: place, required: true, schema: { type: "string" }, description };
      }),
  );
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
    summary: "Finds the named entities of social-media posts: their types, visibility, boxes and masks.",
    description:
      "Send a post and get its named entities: their types, whether the picture shows them, their boxes and their " +
      "masks. Errors are RFC 9457 documents; each kind has a page under /problems/. Unknown fields are refused by name.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: "/", description: "The deployment that serves this document." }],
  tags: [
    { name: "recognition", description: "Posts in, entities out." },
    { name: "stages", description: "The stages of recognition, each callable alone." },
    { name: "files", description: "Files behind signed links that expire." },
    { name: "service", description: "The service itself." },
  ],
  paths,
  components: {
    schemas,
    headers: { RequestId: { description: "The id of the request: `req_` and a ULID.", schema: { type: "string" } } },
  },
};

const path = here("../schemas/openapi.json");
const text = `${JSON.stringify(document, null, 1)}\n`;
if (!process.argv.includes("--check")) await writeFile(path, text);
else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
  console.error("schemas/openapi.json is not up to date: run npm run openapi");
  process.exitCode = 1;
}
