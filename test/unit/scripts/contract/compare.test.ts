import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { breakingChanges } from "../../../../scripts/contract/compare.ts";
import { type Case, type Change, type Document, FIND, findings, push, remove, set } from "./earlier.ts";

const BREAKING: readonly Case[] = [
  ["an operation is removed", remove("#/paths/~1find/post"), `${FIND}: the operation POST /find was removed`],
  ["an operation's id changes", set(`${FIND}/operationId`, "seek"), `${FIND}/operationId: generated clients`],
  ["a key is needed", set(`${FIND}/security`, [{ key: [] }]), `${FIND}/security: requests with no credentials are`],
  [
    "a security scheme changes",
    set("#/components/securitySchemes/key/scheme", "basic"),
    "#/components/securitySchemes/key/scheme: the security scheme changed",
  ],
  ["a status is removed", remove(`${FIND}/responses/404`), `${FIND}/responses/404: the status 404 was removed`],
  [
    "a header of an answer is removed",
    remove(`${FIND}/responses/200/headers/X-Request-Id`),
    `${FIND}/responses/200/headers/X-Request-Id: the header X-Request-Id was removed`,
  ],
  [
    "a media type of a request is removed",
    remove(`${FIND}/requestBody/content/multipart~1form-data`),
    `${FIND}/requestBody/content/multipart~1form-data: the media type multipart/form-data was removed`,
  ],
  [
    "a media type of an answer is removed",
    remove(`${FIND}/responses/200/x-other-media-types/image~1png`),
    `${FIND}/responses/200/x-other-media-types/image~1png: the media type image/png was removed`,
  ],
  [
    "an event of a stream is removed",
    remove(`${FIND}/responses/200/x-stream-events/end`),
    `${FIND}/responses/200/x-stream-events/end: the event end was removed`,
  ],
  ["a body becomes required", set(`${FIND}/requestBody/required`, true), `${FIND}/requestBody: the request's body`],
  ["a parameter is removed", set(`${FIND}/parameters`, []), `${FIND}/parameters/0: the parameter query limit was`],
  [
    "a parameter becomes required",
    set(`${FIND}/parameters/0/required`, true),
    `${FIND}/parameters/0: the parameter query limit became required`,
  ],
  [
    "a required parameter is added",
    push(`${FIND}/parameters`, { name: "sort", in: "query", required: true }),
    `${FIND}/parameters: the required parameter query sort was added`,
  ],
];

const ADDITIVE: ReadonlyArray<readonly [what: string, change: Change]> = [
  ["nothing changes", () => undefined],
  ["an operation is added", set("#/paths/~1other", { get: { responses: {} } })],
  ["a status is added", set(`${FIND}/responses/409`, {})],
  ["an optional parameter is added", push(`${FIND}/parameters`, { name: "sort", in: "query" })],
  ["a second way to authenticate is added", set(`${FIND}/security`, [{}, { key: [] }])],
];

interface RealDocument extends Document {
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: Document }>> };
}

describe("breakingChanges", () => {
  test.each(BREAKING)("refuses when %s", (_what, change, finding) => {
    expect(findings(change)).toEqual([expect.stringContaining(finding)]);
  });

  test.each(ADDITIVE)("passes when %s", (_what, change) => {
    expect(findings(change)).toEqual([]);
  });

  test("finds every field that is removed from the real document", () => {
    const text = readFileSync("schemas/openapi.json", "utf8");
    const document = JSON.parse(text) as RealDocument;
    expect(breakingChanges(document, document)).toEqual([]);
    const pointers = Object.entries(document.components.schemas).flatMap(([schema, { properties = {} }]) =>
      Object.keys(properties).map((field) => `#/components/schemas/${schema}/properties/${field}`),
    );
    expect(pointers.length).toBeGreaterThan(100);
    const property = fc.property(fc.constantFrom(...pointers), (pointer) => {
      const later = JSON.parse(text) as RealDocument;
      remove(pointer)(later);
      expect(breakingChanges(document, later)).toContainEqual({ pointer, sentence: "the field was removed" });
    });
    fc.assert(property, { numRuns: 10 });
  });
});
