import { JOB } from "../../schemas/job-examples.ts";
import type { Operation } from "../../schemas/operation.ts";
import { OPERATIONS } from "../../schemas/operations.ts";
import { operationPrice, PaidOperation } from "../../schemas/prices.ts";
import { PROBLEMS, type Problem, ProblemCode, problemDocument } from "../../schemas/problem.ts";
import {
  accessInWords,
  answerHeaders,
  HEADERS,
  IDEMPOTENCY_KEY,
  isPaid,
  jobHeaders,
  PAYMENT_SIGNATURE,
  PREFER,
  problemHeaders,
  SECURITY_SCHEMES,
  securityOf,
} from "./access.ts";
import type { Json } from "./components.ts";
import { FORM_LINES, formOf, type Schemas } from "./form.ts";

/** The OpenAPI document of every operation over the named schemas. */
export function openApiDocument(schemas: Schemas, version: string): Json {
  const paths: Record<string, Json> = {};
  const shown = new Set(OPERATIONS.flatMap(({ problems }) => problems));
  const queries = new Set(OPERATIONS.flatMap(({ query }) => query?.name ?? []));
  const problemResponses: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    const { id, method, path, tag, access, summary, description } = operation;
    const refusals = problemsByStatus(operation.problems);
    for (const codes of refusals.values()) problemResponses[responseName(codes)] = problemResponse(codes);
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId: id,
        tags: [tag],
        summary,
        description: description + accessInWords(access),
        security: securityOf(access),
        ...price(id),
        ...parameters(operation, schemas),
        ...requestBody(operation, schemas),
        responses: { ...answers(operation), ...referencesTo(refusals), ...ofProtocol(operation, refusals) },
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
        "name, and so is every query parameter of an operation that takes a JSON body. Text is UTF-8. Answers may get new " +
        "fields, and `code`, `stage` and `provider` new values: treat an unknown `code` by its `status`. " +
        FORM_LINES,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The deployment that serves this document." }],
    tags: [
      { name: "recognition", description: "Posts in, entities out." },
      { name: "stages", description: "The stages of recognition, each callable alone." },
      { name: "jobs", description: "Work that goes on behind the response to its request." },
      { name: "batches", description: "Many posts in one request." },
      { name: "files", description: "Files behind signed links that expire." },
      { name: "accounts", description: "An account's keys, balance and usage (`ACCESS=keys`)." },
      { name: "webhooks", description: "Addresses of an account that are told how its jobs end (`ACCESS=keys`)." },
      { name: "operator", description: "For whoever runs the deployment." },
      { name: "service", description: "The service itself." },
    ],
    paths,
    components: {
      // The parameters of a query are no object of any message.
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => !queries.has(name))),
      securitySchemes: SECURITY_SCHEMES,
      headers: HEADERS,
      // Many operations have the same problems of a status.
      responses: Object.fromEntries(Object.entries(problemResponses).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      // Problems that several operations have are shown once.
      examples: Object.fromEntries([...shown].toSorted().map((code) => [code, { value: problemExample(code) }])),
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

/** Two posts as JSON lines. */
const POSTS =
  '{"id": "1", "text": "Eileen Collins in Houston"}\n{"text": "Paris", "image": "https://example.com/a.jpg"}\n';

/** A line of a batch's results. */
const RESULT = '{"number":1,"line":2,"id":"a1","job_id":null,"state":"canceled","answer":null,"problem":null}\n';

function requestBody({ request, bodies }: Operation, schemas: Schemas): Json {
  if (bodies) {
    const described = Object.entries(bodies).map(([type, description]) => {
      const lines = type.endsWith("ndjson") ? { examples: { posts: { value: POSTS } } } : {};
      return [type, { schema: { type: "string", contentMediaType: type, description }, ...lines }];
    });
    return { requestBody: { required: true, content: Object.fromEntries(described) } };
  }
  if (!request) return {};
  const examples = Object.fromEntries(Object.entries(request.examples).map(([name, value]) => [name, { value }]));
  const json = { schema: reference(request.name), examples };
  const form = request.form === false ? {} : { "multipart/form-data": formOf(request.name, schemas) };
  return { requestBody: { required: request.optional !== true, content: { "application/json": json, ...form } } };
}

/** An operation's responses without its problems. */
function answers({ access, answer, created, accepted, files = {}, events, lines, ranges = false }: Operation): Json {
  const content: Json = {};
  if (answer)
    content["application/json"] = { schema: reference(answer.name), examples: { answer: { value: answer.example } } };
  for (const type of answer ? [] : Object.keys(files)) {
    const shown = type.endsWith("ndjson") ? { examples: { canceled: { value: RESULT } } } : {};
    content[type] = { schema: { type: "string", contentMediaType: type }, ...shown };
  }
  // Beside JSON, files stand in an extension: a generated client would type the answer as a string or JSON.
  const others = answer && Object.keys(files).length > 0 ? { "x-other-media-types": files } : {};
  const stream = events
    ? { "x-stream-events": Object.fromEntries(Object.entries(events).map(([event, name]) => [event, reference(name)])) }
    : {};
  const description = answer ? "The answer." : Object.values(files).join(" ");
  const taken = { description: "Done.", headers: answerHeaders(access) };
  // A page of CSV has no field that names the next one.
  const headers = answerHeaders(access, "text/csv" in files);
  const ofLines = lines === undefined ? {} : { "x-lines": reference(lines) };
  const answered = { description, headers, content, ...others, ...stream, ...ofLines };
  const all: Json = description === "" ? { "204": taken } : { [created ? "201" : accepted ? "202" : "200"]: answered };
  if (isPaid(access) && !accepted) {
    const job = { schema: reference("JobAnswer"), examples: { job: { value: JOB } } };
    const description = "A job answers the request: with `Prefer: respond-async` or a `webhook`.";
    all["202"] = { description, headers: jobHeaders(access), content: { "application/json": job } };
  }
  if (ranges) {
    all["206"] = { description: "The part that Range asks for.", headers, content };
    all["304"] = { description: "If-None-Match names the current version.", headers };
  }
  return all;
}

type Codes = readonly ProblemCode[];

/** An operation's problems by their status, in the order of the catalogue. */
function problemsByStatus(problems: Codes): ReadonlyMap<number, Codes> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of ProblemCode.options) {
    const { status } = PROBLEMS[code];
    if (problems.includes(code)) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

function referencesTo(refusals: ReadonlyMap<number, Codes>): Json {
  return Object.fromEntries(
    [...refusals].map(([status, codes]) => [status, { $ref: `#/components/responses/${responseName(codes)}` }]),
  );
}

/** The responses of a protocol with errors of its own, some beside problems of the same status. */
function ofProtocol({ access, answer, protocolStatuses = {} }: Operation, refusals: ReadonlyMap<number, Codes>): Json {
  const described = Object.entries(protocolStatuses).map(([status, { description, example: value }]) => {
    const headers = answerHeaders(access);
    if (!answer || value === undefined) return [status, { description, headers }] as const;
    const problems = refusals.get(Number(status));
    const beside = problems ? problemResponse(problems) : { content: {}, description: "" };
    const error = { schema: reference(answer.name), examples: { error: { value } } };
    const content = { "application/json": error, ...beside.content };
    return [status, { description: `${description} ${beside.description}`.trim(), headers, content }] as const;
  });
  return Object.fromEntries(described);
}

/** The name under which the document has the response of these problems. */
function responseName(codes: Codes): string {
  return codes.join(".");
}

function problemResponse(codes: Codes) {
  const examples = Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
  return {
    description: `${codes.map((code) => PROBLEMS[code].title).join("; ")}.`,
    headers: problemHeaders(codes),
    content: { "application/problem+json": { schema: reference("Problem"), examples } },
  };
}

function problemExample(code: ProblemCode): Problem {
  return problemDocument(code, PROBLEMS[code].example, { request_id: "req_01KB2Q4V8N0000000000000000" });
}

function parameters(
  { access, bodies, pathParameters = {}, queryParameters = {}, headers = {}, optionalHeaders = {}, query }: Operation,
  schemas: Schemas,
): Json {
  const isLink = access !== "link or key";
  const required = Object.entries({ path: pathParameters, query: queryParameters, header: headers }).flatMap(
    ([place, named]) =>
      Object.entries(named).map(([name, description]) => {
        return { name, in: place, required: place === "path" || isLink, schema: { type: "string" }, description };
      }),
  );
  const { properties = {} } = (query ? schemas[query.name] : {}) as { properties?: Record<string, Json> };
  const optional = Object.entries(properties).map(([name, { description, ...schema }]) => {
    return { name, in: "query", required: false, schema, description };
  });
  const all = [
    ...required,
    ...optional,
    ...Object.entries(optionalHeaders).map(([name, description]) => {
      return { name, in: "header", required: false, schema: { type: "string" }, description };
    }),
    ...(isPaid(access) ? [IDEMPOTENCY_KEY] : []),
    ...(isPaid(access) && !bodies ? [PREFER] : []),
    ...(isPaid(access) && !bodies ? [PAYMENT_SIGNATURE] : []),
  ];
  return all.length > 0 ? { parameters: all } : {};
}
