import { breakingChanges } from "../../../../scripts/contract/compare.ts";

/** A document of any shape. */
export type Document = Record<string, unknown>;

/** One operation that takes and returns one of everything. */
export const EARLIER = {
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

export const POST = "#/components/schemas/Post";
export const ANSWER = "#/components/schemas/Answer";
export const THING = "#/components/schemas/Thing";
export const FIND = "#/paths/~1find/post";

/** A change of a document in place. */
export type Change = (document: Document) => void;
/** A change, and the beginning of what is found. */
export type Case = readonly [what: string, change: Change, finding: string];

/** What is found when the document is changed. */
export function findings(change: Change): string[] {
  const later: Document = structuredClone(EARLIER);
  change(later);
  return breakingChanges(EARLIER, later).map(({ pointer, sentence }) => `${pointer}: ${sentence}`);
}

/** Removes what a JSON pointer points to: a field, or an item of a list. */
export function remove(pointer: string): Change {
  return (document) => {
    const { parent, key } = locate(document, pointer);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  };
}

/** Sets a field. */
export function set(pointer: string, value: unknown): Change {
  return (document) => {
    const { parent, key } = locate(document, pointer);
    parent[key] = value;
  };
}

/** Adds an item to a list. */
export function push(pointer: string, value: unknown): Change {
  return (document) => {
    const { parent, key } = locate(document, pointer);
    (parent[key] as unknown[]).push(value);
  };
}

function locate(document: Document, pointer: string): { readonly parent: Document; readonly key: string } {
  const keys = pointer.split("/").slice(1);
  const names = keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const key = names.pop() ?? "";
  const parent = names.reduce<Document>((value, name) => value[name] as Document, document);
  return { parent, key };
}
