import { OPERATIONS, type Operation } from "../../schemas/operations.ts";
import { operationPrice, PaidOperation } from "../../schemas/prices.ts";
import { PROBLEMS, type Problem, type ProblemCode, problemDocument } from "../../schemas/problem.ts";
import type { Json } from "./components.ts";
import { FORM_LINES, formOf, type Schemas } from "./form.ts";

/** The OpenAPI document of every operation over the named schemas. */
export function openApiDocument(schemas: Schemas, version: string): Json {
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
        ...price(id),
        ...parameters(operation),
        ...requestBody(operation, schemas),
        responses: responses(operation),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Namesight",
      version,
      summary: "Finds the named entities of social-media posts: their types, visibility, boxes and masks.",
      description:
        "Send a post and get its named entities: their types, whether the picture shows them, their boxes and their " +
        "masks. Errors are RFC 9457 documents; each kind has a page under /problems/. Unknown fields are refused by " +
        "name, and so is every query parameter of an operation that takes a body. Text is UTF-8. Answers may get new " +
        "fields, and `code`, `stage` and `provider` new values: treat an unknown `code` by its `status`. " +
        FORM_LINES,
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
}

/** The operation's row of the price table, where it costs something. */
function price(id: string): Json {
  const paid = PaidOperation.safeParse(id);
  if (!paid.success) return {};
  const { operation: _, ...amounts } = operationPrice(paid.data);
  return { "x-price": amounts };
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function requestBody({ request }: Operation, schemas: Schemas): Json {
  if (!request) return {};
  const examples = Object.fromEntries(Object.entries(request.examples).map(([name, value]) => [name, { value }]));
  const json = { schema: reference(request.name), examples };
  const form = formOf(request.name, schemas);
  return { requestBody: { required: true, content: { "application/json": json, "multipart/form-data": form } } };
}

const HEADERS = { "X-Request-Id": { $ref: "#/components/headers/RequestId" } };
/** Not sent when nobody knows when there will be room. */
const RETRY_AFTER = {
  "Retry-After": { description: "Seconds until there is room.", schema: { type: "integer", minimum: 1 } },
};

function responses({ answer, files = {}, events, ranges = false, problems }: Operation): Json {
  const content: Json = {};
  if (answer)
    content["application/json"] = { schema: reference(answer.name), examples: { answer: { value: answer.example } } };
  else for (const type of Object.keys(files)) content[type] = { schema: { type: "string", contentMediaType: type } };
  // Beside JSON, files stand in an extension: a generated client would type the answer as a string or JSON.
  const others = answer && Object.keys(files).length > 0 ? { "x-other-media-types": files } : {};
  const stream = events
    ? { "x-stream-events": Object.fromEntries(Object.entries(events).map(([event, name]) => [event, reference(name)])) }
    : {};
  const description = answer ? "The answer." : Object.values(files).join(" ");
  const taken = { description: "Taken.", headers: HEADERS };
  const all: Json =
    description === "" ? { "204": taken } : { "200": { description, headers: HEADERS, content, ...others, ...stream } };
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
      headers: codes.some((code) => code === "overloaded") ? { ...HEADERS, ...RETRY_AFTER } : HEADERS,
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
