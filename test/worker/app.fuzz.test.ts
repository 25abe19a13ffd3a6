import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import document from "../../schemas/openapi.json";
import { blackPng, dataUrl } from "../support/png.ts";
import { validValue, wildValue } from "../support/schema-arbitrary.ts";
import { conform, DESCRIBED, type Described } from "./conform.ts";
import { FUZZ_SEEDS } from "./fuzz-seeds.ts";
import { picture, startApp } from "./harness.ts";
import { unsteady } from "./unsteady.ts";

/** Calls of each operation that takes a body: more than six thousand in all. */
const CALLS = 1_050;

/**
 * What needs no account and takes JSON: app.fuzz.accounts.test.ts sends keys, routes/batch-routes.test.ts lines, and no
 * random word is the id of a job (routes/jobs).
 */
const operations = DESCRIBED.filter(
  ({ operation: { tags } }) =>
    !tags.some((tag) => ["accounts", "operator", "webhooks", "batches", "jobs"].includes(tag)),
);

const png = await picture();
const turned = dataUrl(await blackPng(40, 30, 6));
const images = fc.oneof(
  { weight: 12, arbitrary: fc.constant(png) },
  { weight: 2, arbitrary: fc.constant(turned) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "data:,",
      "data:image/png;base64,AAAA",
      "https://localhost/a.png",
      "ftp://a/b",
      png.slice(0, 60),
      "====",
    ),
  },
);

const good = new Map<string, number>();
let calls = 0;
async function call(operation: Described, path: string, init: RequestInit, choice: number): Promise<void> {
  const response = await startApp(unsteady(choice)).fetch(path, init);
  calls++;
  if (response.ok) good.set(operation.operationId, (good.get(operation.operationId) ?? 0) + 1);
  await conform(operation, response);
}

const TYPES = [
  "application/json",
  "application/json; charset=utf-8",
  "text/plain",
  "multipart/form-data",
  "application/xml",
  "",
];
const ACCEPTS = [
  "*/*",
  "application/json",
  "image/png",
  "image/svg+xml;q=0.5, image/png;q=0.1",
  "text/html",
  "text/event-stream",
  "a/b;q=nonsense",
];

describe("any request", () => {
  // No scripted model hangs, and workerd allows one isolate of tests 10,000 timers that were not cleared.
  beforeAll(() => {
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
  });

  for (const { path, method, operation } of operations) {
    const schema = operation.requestBody?.content["application/json"]?.schema;
    if (!schema) continue;
    test(`to ${operation.operationId} is answered as the OpenAPI document says, and never with 500`, async () => {
      const body = fc.oneof(
        { weight: 5, arbitrary: validValue(schema, document as never, images) },
        { weight: 4, arbitrary: wildValue(schema, document as never, images) },
      );
      const json = fc
        .tuple(body, fc.nat(10_000), fc.constantFrom(...TYPES), fc.constantFrom(...ACCEPTS), fc.nat(9))
        .map(([value, choice, type, accept, plain]) => ({
          choice,
          init: {
            method: method.toUpperCase(),
            headers: plain < 8 ? { "content-type": "application/json" } : { "content-type": type, accept },
            body: plain === 7 ? JSON.stringify(value).slice(0, -1) : JSON.stringify(value),
          },
        }));
      await fc.assert(
        fc.asyncProperty(json, ({ choice, init }) => call(operation, path, init, choice)),
        { numRuns: CALLS - 200 },
      );
      const form = fc.tuple(body, fc.nat(10_000), fc.boolean());
      await fc.assert(
        fc.asyncProperty(form, ([value, choice, whole]) =>
          call(operation, path, { method: "POST", body: formOf(value, whole) }, choice),
        ),
        { numRuns: 200 },
      );
    }, 120_000);
  }

  test.each(
    operations
      .filter(({ operation }) => !operation.requestBody)
      .map((one) => [one.operation.operationId, one] as const),
  )("to %s is answered as the OpenAPI document says", async (_, { path, method, operation }) => {
    const word = fc.oneof(
      fc.constantFrom("public", "0".repeat(32), `${"a".repeat(64)}.png`, "internal"),
      fc.string({ minLength: 1, maxLength: 20 }),
    );
    const query = fc.constantFrom(
      "",
      "?expires=1&signature=x",
      "?expires=99999999999&signature=AAAA",
      "?expires=NaN&signature=",
    );
    const headers = fc.constantFrom<Record<string, string>>(
      {},
      { range: "bytes=0-1" },
      { "if-none-match": "*" },
      { accept: "image/webp" },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 2, maxLength: 2 }), query, headers, (words, search, more) => {
        const names = [...words];
        const filled = path.replace(/\{\w+\}/g, () =>
          encodeURIComponent((names.shift() ?? "x").replace(/[\ud800-\udfff./]/g, "_")),
        );
        return call(operation, filled + search, { method: method.toUpperCase(), headers: more }, 1);
      }),
      { numRuns: 100 },
    );
  });

  test.each(FUZZ_SEEDS)("that failed once is answered as the document says: $why", async ({ path, init }) => {
    const { operation } = operations.find((one) => one.path === path) ?? {};
    if (operation) await call(operation, path, init, 1);
    else throw new Error(`no operation at ${path}`);
  });

  afterAll(() => {
    expect(calls).toBeGreaterThanOrEqual(5_000);
    // Random requests have no valid signature. test/worker/storage, routes/pictures, routes/replicate-hook and
    // routes/ingest test those.
    const signed = (place: string) => place === "query" || place === "header";
    const reached = operations.filter(
      ({ path, operation }) =>
        !path.startsWith("/hooks/") && !operation.parameters?.some(({ in: place }) => signed(place)),
    );
    expect(reached.map(({ operation: { operationId } }) => [operationId, (good.get(operationId) ?? 0) > 0])).toEqual(
      reached.map(({ operation: { operationId } }) => [operationId, true]),
    );
  });
});

function formOf(value: unknown, whole: boolean): FormData {
  const form = new FormData();
  const { image, ...fields } = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  if (typeof image === "string")
    form.set("image", new Blob([image.startsWith("data:image/png") ? bytesOf(image) : image]), "picture");
  if (whole) form.set("request", JSON.stringify(fields));
  else
    for (const [name, field] of Object.entries(fields))
      form.set(name, typeof field === "string" ? field : (JSON.stringify(field) ?? ""));
  return form;
}

function bytesOf(url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(url.split(",")[1]?.replace(/[^\w+/]/g, "") ?? "").padEnd(1), (character) =>
    character.charCodeAt(0),
  );
}
