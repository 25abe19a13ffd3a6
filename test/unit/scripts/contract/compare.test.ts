import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { breakingChanges } from "../../../../scripts/contract/compare.ts";

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape, changed in places.
type Document = any;

/** One operation that takes and returns one of everything. */
const EARLIER = {
  components: {
    schemas: {
      Post: {
        type: "object",
        required: ["text"],
        additionalProperties: false,
        properties: {
          text: { type: "string", maxLength: 100 },
          mode: { type: "string", enum: ["fast", "cheap"], default: "fast" },
          labels: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
          share: { type: "number", minimum: 0, maximum: 1 },
        },
      },
      Answer: {
        type: "object",
        required: ["id", "found", "score"],
        additionalProperties: false,
        properties: {
          id: { type: "string" },
          at: { type: "string", format: "date-time" },
          score: { type: ["number", "null"] },
          count: { type: "integer" },
          found: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
          code: { $ref: "#/components/schemas/ProblemCode" },
        },
      },
      Thing: {
        type: "object",
        required: ["reason"],
        properties: {
          reason: { enum: ["print", "object"], type: "string" },
          size: { type: "array", prefixItems: [{ type: "integer" }, { type: "integer" }] },
          parts: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
        },
      },
      ProblemCode: { type: "string", enum: ["internal"] },
    },
    securitySchemes: { key: { type: "http", scheme: "bearer" } },
  },
  paths: {
    "/find": {
      post: {
        operationId: "find",
        security: [],
        parameters: [{ name: "limit", in: "query", schema: { type: "integer" } }],
        requestBody: {
          content: {
            "application/json": { schema: { $ref: "#/components/schemas/Post" } },
            "multipart/form-data": { schema: { type: "object" } },
          },
        },
        responses: {
          "200": {
            headers: { "X-Request-Id": { schema: { type: "string" } } },
            content: { "application/json": { schema: { $ref: "#/components/schemas/Answer" } } },
            "x-other-media-types": { "image/png": "An overlay." },
            "x-stream-events": { end: { $ref: "#/components/schemas/Answer" } },
          },
          "404": { content: { "application/problem+json": { schema: { type: "object" } } } },
        },
      },
    },
  },
};

const POST = "#/components/schemas/Post";
const ANSWER = "#/components/schemas/Answer";
const THING = "#/components/schemas/Thing";
const FIND = "#/paths/~1find/post";
const post = ({ components }: Document) => components.schemas.Post;
const answer = ({ components }: Document) => components.schemas.Answer;
const thing = ({ components }: Document) => components.schemas.Thing.properties;
const find = ({ paths }: Document) => paths["/find"].post;

function findings(change: (document: Document) => unknown): string[] {
  const later = structuredClone(EARLIER);
  change(later);
  return breakingChanges(EARLIER, later).map(({ pointer, sentence }) => `${pointer}: ${sentence}`);
}

const BREAKING: ReadonlyArray<readonly [what: string, change: (document: Document) => unknown, finding: string]> = [
  ["an operation is removed", (d) => delete d.paths["/find"].post, `${FIND}: the operation POST /find was removed`],
  ["an operation's id changes", (d) => (find(d).operationId = "seek"), `${FIND}/operationId: generated clients`],
  ["a key is needed", (d) => (find(d).security = [{ key: [] }]), `${FIND}/security: requests with no credentials are`],
  [
    "a security scheme changes",
    (d) => (d.components.securitySchemes.key.scheme = "basic"),
    "#/components/securitySchemes/key/scheme: the security scheme changed",
  ],
  ["a status is removed", (d) => delete find(d).responses["404"], `${FIND}/responses/404: the status 404 was removed`],
  [
    "a header of an answer is removed",
    (d) => delete find(d).responses["200"].headers["X-Request-Id"],
    `${FIND}/responses/200/headers/X-Request-Id: the header X-Request-Id was removed`,
  ],
  [
    "a media type of a request is removed",
    (d) => delete find(d).requestBody.content["multipart/form-data"],
    `${FIND}/requestBody/content/multipart~1form-data: the media type multipart/form-data was removed`,
  ],
  [
    "a media type of an answer is removed",
    (d) => delete find(d).responses["200"]["x-other-media-types"]["image/png"],
    `${FIND}/responses/200/x-other-media-types/image~1png: the media type image/png was removed`,
  ],
  [
    "an event of a stream is removed",
    (d) => delete find(d).responses["200"]["x-stream-events"].end,
    `${FIND}/responses/200/x-stream-events/end: the event end was removed`,
  ],
  ["a body becomes required", (d) => (find(d).requestBody.required = true), `${FIND}/requestBody: the request's body`],
  ["a parameter is removed", (d) => (find(d).parameters = []), `${FIND}/parameters/0: the parameter query limit was`],
  [
    "a parameter becomes required",
    (d) => (find(d).parameters[0].required = true),
    `${FIND}/parameters/0: the parameter query limit became required`,
  ],
  [
    "a required parameter is added",
    (d) => find(d).parameters.push({ name: "sort", in: "query", required: true }),
    `${FIND}/parameters: the required parameter query sort was added`,
  ],
  [
    "a field of a request is removed",
    (d) => delete post(d).properties.share,
    `${POST}/properties/share: the field was`,
  ],
  [
    "a field becomes required",
    (d) => post(d).required.push("mode"),
    `${POST}/properties/mode: the field became required`,
  ],
  [
    "a required field is added",
    (d) => post(d).required.push("image"),
    `${POST}/properties/image: a required field was added`,
  ],
  [
    "a field's type is narrowed",
    (d) => (post(d).properties.share.type = "integer"),
    `${POST}/properties/share: the type was number and is integer`,
  ],
  [
    "a form of a field is removed",
    (d) => post(d).properties.labels.anyOf.pop(),
    `${POST}/properties/labels/anyOf/1: requests may no longer have a value of type array here`,
  ],
  [
    "a value of a request's enum is removed",
    (d) => post(d).properties.mode.enum.pop(),
    `${POST}/properties/mode: requests may no longer have the value "cheap"`,
  ],
  [
    "a default changes",
    (d) => (post(d).properties.mode.default = "cheap"),
    `${POST}/properties/mode: the default was "fast" and is "cheap"`,
  ],
  [
    "a minimum is raised",
    (d) => (post(d).properties.share.minimum = 0.1),
    `${POST}/properties/share: \`minimum\` was 0 and is 0.1`,
  ],
  [
    "a maximum is lowered",
    (d) => (post(d).properties.text.maxLength = 99),
    `${POST}/properties/text: \`maxLength\` was 100 and is 99`,
  ],
  [
    "a pattern is added",
    (d) => (post(d).properties.text.pattern = "a"),
    `${POST}/properties/text: \`pattern\` was absent and is a`,
  ],
  [
    "a format is added to a request's field",
    (d) => (post(d).properties.text.format = "uri"),
    `${POST}/properties/text: the format was none and is uri`,
  ],
  ["an unknown keyword restricts", (d) => (post(d).not = { required: ["mode"] }), `${POST}: \`not\` changed`],
  ["a field of an answer is removed", (d) => delete answer(d).properties.id, `${ANSWER}/properties/id: the field was`],
  [
    "a field becomes optional",
    (d) => answer(d).required.shift(),
    `${ANSWER}/properties/id: the field may now be absent`,
  ],
  [
    "an answer's field gets another type",
    (d) => (answer(d).properties.count.type = "number"),
    `${ANSWER}/properties/count: the type was integer and is number`,
  ],
  [
    "an answer's field may be null",
    (d) => (answer(d).properties.id.type = ["string", "null"]),
    `${ANSWER}/properties/id: answers may now have null here`,
  ],
  [
    "a value is added to an answer's enum",
    (d) => thing(d).reason.enum.push("shadow"),
    `${THING}/properties/reason: answers may now have the value "shadow"`,
  ],
  [
    "an answer's enum is removed",
    (d) => delete thing(d).reason.enum,
    `${THING}/properties/reason: answers may now have any value here: the enum was removed`,
  ],
  [
    "an answer's format changes",
    (d) => (answer(d).properties.at.format = "date"),
    `${ANSWER}/properties/at: the format was date-time and is date`,
  ],
  [
    "a list of fixed items gets longer",
    (d) => thing(d).size.prefixItems.push({}),
    `${THING}/properties/size: the list had 2 described items and has 3`,
  ],
];

const ADDITIVE: ReadonlyArray<readonly [what: string, change: (document: Document) => unknown]> = [
  ["nothing changes", () => undefined],
  ["an operation is added", (d) => (d.paths["/other"] = { get: { responses: {} } })],
  ["a status is added", (d) => (find(d).responses["409"] = {})],
  ["an optional parameter is added", (d) => find(d).parameters.push({ name: "sort", in: "query" })],
  ["a second way to authenticate is added", (d) => (find(d).security = [{}, { key: [] }])],
  ["an optional field is added to a request", (d) => (post(d).properties.image = { type: "string" })],
  ["a value is added to a request's enum", (d) => post(d).properties.mode.enum.push("slow")],
  ["a request's field may be null", (d) => (post(d).properties.text.type = ["string", "null"])],
  ["a maximum of a request is raised", (d) => delete post(d).properties.text.maxLength],
  ["a field of a request is no longer required", (d) => (post(d).required = [])],
  ["a field is added to an answer", (d) => (answer(d).properties.extra = { type: "string" })],
  ["an answer's field is never null any more", (d) => (answer(d).properties.score.type = "number")],
  ["a code is added to those of problems", (d) => d.components.schemas.ProblemCode.enum.push("late")],
  ["descriptions change", (d) => (post(d).description = "A post.")],
  ["a schema moves to a place of its own", (d) => (answer(d).properties.found.items = d.components.schemas.Thing)],
];

describe("breakingChanges", () => {
  test.each(BREAKING)("refuses when %s", (_what, change, finding) => {
    expect(findings(change)).toEqual([expect.stringContaining(finding)]);
  });

  test.each(ADDITIVE)("passes when %s", (_what, change) => {
    expect(findings(change)).toEqual([]);
  });

  test("finds every field that is removed from the real document", () => {
    const document = JSON.parse(readFileSync("schemas/openapi.json", "utf8")) as Document;
    expect(breakingChanges(document, document)).toEqual([]);
    const fields = Object.entries<Document>(document.components.schemas).flatMap(([schema, { properties = {} }]) =>
      Object.keys(properties).map((field) => [schema, field] as const),
    );
    expect(fields.length).toBeGreaterThan(100);
    const property = fc.property(fc.constantFrom(...fields), ([schema, field]) => {
      const { [field]: _, ...properties } = document.components.schemas[schema].properties;
      const schemas = { ...document.components.schemas };
      schemas[schema] = { ...schemas[schema], properties };
      const pointers = breakingChanges(document, { ...document, components: { ...document.components, schemas } });
      expect(pointers).toContainEqual({
        pointer: `#/components/schemas/${schema}/properties/${field}`,
        sentence: "the field was removed",
      });
    });
    fc.assert(property, { numRuns: 15 });
  });
});
