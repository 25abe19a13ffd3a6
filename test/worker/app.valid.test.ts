import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import document from "../../schemas/openapi.json";
import type { FieldError, Problem } from "../../schemas/problem.ts";
import { blackPng } from "../support/png.ts";
import { allowedValue, type Schema } from "../support/schema-arbitrary.ts";
import { picture, SIZE, startApp } from "./harness.ts";

/** Rules that JSON Schema can not state: they compare fields with each other, with the text or with the picture. */
const UNSTATED: ReadonlyArray<readonly [pointer: RegExp, detail: RegExp]> = [
  [/^\/entities\/\d+\/(start|end)$/, /^(lies (outside|inside) |must be greater than start|cuts \/tokens\/)/],
  [/^\/entities\/\d+$/, /^(has the same start and end as |covers only white space|is too long for a name)/],
  [/^\/entities\/\d+\/type$/, /^must be one of /],
  [/^\/deadline_ms$/, /^must be at most 30000 without Prefer/],
  [/^\/webhook\/url$/, /./],
  [/^\/(entities|boxes)\/\d+\/id$/, /^is used by another item/],
  // A random address is none of the public internet. Which deadlines are those of jobs is a matter of the headers.
  [/^\/webhook\/url$/, /./],
  [/^\/deadline_ms$/, /without Prefer/],
  [/^\/boxes\/\d+\/box$/, /^(looks like fractions|must have an? [xy]max|lies outside the picture)/],
];

type Media = Readonly<Record<string, { schema: Schema; encoding?: object }>>;
const operations = Object.entries(document.paths).flatMap(([path, methods]) => {
  const { requestBody } = (methods as { post?: { requestBody?: { content: Media } } }).post ?? {};
  // Operations on accounts take no form: app.fuzz.accounts.test.ts sends them what they allow.
  const isPost = requestBody?.content["multipart/form-data"] && requestBody.content["application/json"];
  return isPost ? [[path, requestBody.content] as const] : [];
});
const schemaOf = (content: Media, type: string) => content[type]?.schema as Schema;

// workerd allows 10,000 timers in one context, and a file of tests is one context.
beforeEach(() => {
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
});
afterEach(() => vi.restoreAllMocks());

const png = await picture();
const file = new Blob([(await blackPng(SIZE.width, SIZE.height)) as Uint8Array<ArrayBuffer>], { type: "image/png" });

/** A form as an HTTP client writes it. Its parts of JSON are texts, or files of JSON as browsers send a `Blob`. */
function formOf(parts: object, { properties }: Schema, asBlobs: boolean): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    const { contentMediaType } = (properties as Record<string, Schema>)[name] ?? {};
    if (name === "image") form.set(name, file, "a.png");
    else if (asBlobs && contentMediaType) form.set(name, new Blob([String(value)], { type: String(contentMediaType) }));
    // workerd writes half of a character as it is, and clients as U+FFFD (WHATWG Web IDL, USVString).
    else form.set(name, String(value).replace(/\p{Surrogate}/gu, "\ufffd"));
  }
  return form;
}

/** A request whose webhook, where it has one, is at an address of the public internet: few texts are any address. */
function reachable(value: unknown): object {
  const { request, webhook, ...rest } = value as { request?: string; webhook?: object | string };
  if (request !== undefined) return { ...rest, request: JSON.stringify(reachable(JSON.parse(request))) };
  if (webhook === undefined) return rest;
  const url = "https://receiver.example.com/";
  if (typeof webhook === "string") return { ...rest, webhook: JSON.stringify({ ...JSON.parse(webhook), url }) };
  return { ...rest, webhook: { ...webhook, url } };
}

/** Whether a request came as far as the models. The scripted ones fail for names that they do not know. */
const wasAsked = ({ ok, status }: Response) => ok || status > 500;

/** The wrong fields of a refused request that a schema could have named; none for an answer. */
async function statable(response: Response): Promise<readonly FieldError[] | Problem | null> {
  if (wasAsked(response)) return null;
  const problem = (await response.json()) as Problem;
  const { code, errors = [] } = problem;
  // The scripted models give no other types: that is no matter of the request's form.
  if (code === "labels_not_covered") return null;
  if (code !== "invalid_request" || errors.length === 0) return problem;
  const stated = errors.filter(({ pointer, detail }) =>
    UNSTATED.every(([where, what]) => !where.test(pointer) || !what.test(detail)),
  );
  return stated.length > 0 ? stated : null;
}

describe.each(operations)("a request to %s that the OpenAPI document allows", (path, content) => {
  test("is not refused as JSON", async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(
        allowedValue(schemaOf(content, "application/json"), document, fc.constant(png)),
        async (value) => {
          const response = await startApp().post(reachable(value), {}, path);
          answered += Number(wasAsked(response));
          expect(await statable(response)).toBeNull();
        },
      ),
      { numRuns: 150 },
    );
    expect(answered).toBeGreaterThan(5);
  }, 60_000);

  test("is not refused as a form, with all fields in one part or each in its own", async () => {
    const schema = schemaOf(content, "multipart/form-data");
    const answered = { request: 0, plain: 0 };
    await fc.assert(
      fc.asyncProperty(allowedValue(schema, document, fc.constant(png)), fc.boolean(), async (value, asBlobs) => {
        const body = formOf(reachable(value), schema, asBlobs);
        const response = await startApp().fetch(path, { method: "POST", body });
        answered["request" in (value as object) ? "request" : "plain"] += Number(wasAsked(response));
        expect(await statable(response)).toBeNull();
      }),
      { numRuns: 200 },
    );
    expect(Math.min(answered.request, answered.plain)).toBeGreaterThan(5);
  }, 60_000);
});
