import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { OPERATIONS } from "../../../schemas/operations.ts";
import { Problem } from "../../../schemas/problem.ts";
import { renderProblem } from "../../../src/middleware/problems.ts";
import type { RequestVariables } from "../../../src/middleware/request-id.ts";
import { picture, startApp, TEXT } from "../harness.ts";

/** The problem of a response, which must be a document of at most 32 KB without half characters. */
async function problemOf(response: Response): Promise<Problem> {
  const bytes = await response.arrayBuffer();
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(bytes.byteLength).toBeLessThanOrEqual(LIMITS.problemBytes);
  const json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  expect(json).not.toMatch(/(?<!\\)(\\\\)*\\ud[89a-f]/);
  const problem = Problem.parse(JSON.parse(json));
  expect(problem.code).not.toBe("internal");
  expect(problem.errors?.length ?? 0).toBeLessThanOrEqual(LIMITS.problemErrors);
  return problem;
}

/** Texts of which a problem would be large: long ones, and ones whose JSON is longer than they are. */
const long = (maximum: number) =>
  fc
    .tuple(fc.constantFrom("a", "\u0001", '"', "\\", "~", "/", "é", "🚀", "\ud83d", "%"), fc.nat(maximum))
    .map(([unit, count]) => unit.repeat(Math.max(1, Math.floor(count / unit.length))));
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, "?");
const numbered = (count: number, text: string) => Array.from({ length: count }, (_, index) => `${text}${index}`);

const png = await picture();
/** Requests that have something wrong in many or in large fields. */
const body = fc.oneof(
  fc.tuple(long(400), fc.integer({ min: 1, max: 300 }), fc.boolean()).map(([text, count, deep]) => {
    const unknown = Object.fromEntries(numbered(count, text).map((name) => [name, text]));
    return deep ? { text: TEXT, thresholds: unknown, entities: numbered(count, text).map(() => unknown) } : unknown;
  }),
  long(LIMITS.typeLength - 4).map((type) => ({
    text: TEXT,
    labels: numbered(LIMITS.labels, type),
    entities: numbered(35, "").map((_, start) => ({ start, end: start + 1, type: `${type}x` })),
  })),
  long(LIMITS.idLength).map((id) => ({
    image: png,
    boxes: Array(LIMITS.boxes).fill({ id, box: [1, 1, 2, 2] }),
    entities: Array(LIMITS.entities).fill({ id, text: "a", type: "PER" }),
  })),
  long(40_000).map((text) => ({ text, caption: text, task: text, image: text, offset_encoding: text, masks: text })),
  long(40_000).map((text) => ({ text: TEXT, tokens: [text], labels: [text], entities: [text], boxes: [text] })),
);
const requests = OPERATIONS.filter(({ request }) => request).map(({ path }) => path);

/** Holds a refusal to its size: a problem document, or an error of a protocol that has errors of its own. */
async function checkRefusal(path: string, response: Response): Promise<void> {
  const { protocolStatuses = {}, answer } = OPERATIONS.find((operation) => operation.path === path) ?? {};
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  if (isProblem || !(response.status in protocolStatuses)) return void (await problemOf(response));
  const text = await response.text();
  expect(text.length).toBeLessThanOrEqual(LIMITS.problemBytes);
  expect(answer?.schema.parse(JSON.parse(text))).toHaveProperty("error");
}

describe("a problem document has at most 32 KB", () => {
  test("whatever is wrong with the fields of a JSON request to any operation", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requests), body, async (path, value) => {
        const response = await startApp().post(value, {}, path);
        expect(response.status).toBeGreaterThanOrEqual(400);
        await checkRefusal(path, response);
      }),
      { numRuns: 250 },
    );
  }, 60_000);

  test("whatever is in a text that should be JSON, and in the query string", async () => {
    const text = fc.oneof(
      long(9_000).map((name) => `{${JSON.stringify(name)}:1,${JSON.stringify(name)}:2}`),
      fc.constantFrom("[", '{"a":', "[1,", '"', "1").map((unit) => unit.repeat(30_000)),
    );
    const query = fc.oneof(fc.constant(""), fc.constant(numbered(900, "f").join("&")), long(900));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requests), text, query, async (path, json, search) => {
        const headers = { "content-type": "application/json" };
        const address = search === "" ? path : `${path}?${wellFormed(search)}`;
        await checkRefusal(path, await startApp().fetch(address, { method: "POST", headers, body: json }));
      }),
      { numRuns: 100 },
    );
  });

  test("whatever the parts of a form are called and declared as", async () => {
    const field = fc.constantFrom(
      (name: string) => `name="${name.replaceAll('"', "")}"`,
      (name: string) => `name=text\r\nContent-Type: text/plain; charset=x${name}`,
      (name: string) => `name=text\r\nContent-Transfer-Encoding: ${name}`,
      (name: string) => `name=boxes; filename="${name}"`,
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requests), field, long(9_000), async (path, head, name) => {
        const body = `--b\r\nContent-Disposition: form-data; ${head(name)}\r\n\r\n{"a":1\r\n--b--`;
        const headers = { "content-type": "multipart/form-data; boundary=b" };
        await problemOf(await startApp().fetch(path, { method: "POST", headers, body }));
      }),
      { numRuns: 200 },
    );
  });

  test("whatever the path is, with a method that it has and with one that it has not", async () => {
    const longPath = long(2_500).map((text) => `/${encodeURIComponent(wellFormed(text))}`);
    const paths = fc
      .tuple(fc.constantFrom("", "/problems", "/v1/masks/public", "/v1/pictures", "/hooks/replicate"), longPath)
      .map(([start, rest]) => start + rest);
    await fc.assert(
      fc.asyncProperty(paths, fc.constantFrom("GET", "POST", "DELETE"), async (path, method) => {
        const { code, detail } = await problemOf(await startApp().fetch(path, { method }));
        expect(["not_found", "method_not_allowed", "link_invalid", "uri_too_long"]).toContain(code);
        expect(detail.length).toBeLessThan(2_100);
      }),
      { numRuns: 200 },
    );
  });

  test("whatever the headers say", async () => {
    const names = ["accept", "content-type", "content-encoding", "range", "prefer", "if-none-match", "authorization"];
    const value = fc
      .tuple(
        fc.constantFrom("", "multipart/form-data; boundary=", "application/json; charset=", "bytes="),
        long(20_000),
      )
      .map(([start, text]) => start + text.replace(/[^\x20-\x7e]/gu, ";"));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requests), fc.constantFrom(...names), value, async (path, name, header) => {
        const response = await startApp().post({ nonsense: 1 }, { [name]: header }, path);
        await checkRefusal(path, response);
      }),
      { numRuns: 300 },
    );
  });
});

test("a request to an address of more than 8 KB is refused with 414, whatever the path", async () => {
  const origin = "https://namesight.test";
  for (const path of ["/v1/recognize?a=", "/v1/masks/public/", "/nothing/", "/health?"]) {
    const address = path.padEnd(LIMITS.addressLength - origin.length, "a");
    expect((await startApp().fetch(address)).status).not.toBe(414);
    const problem = await problemOf(await startApp().fetch(`${address}a`));
    expect(problem).toMatchObject({ status: 414, code: "uri_too_long", detail: expect.stringContaining("8193") });
  }
});

test.each([
  ["is no error of ours when it is that the caller has hung up", () => undefined, 504, 0],
  ["is one when the caller has hung up as well", () => new Error("a bug"), 500, 1],
])("what ends a request %s", async (_, errorOf, status, logged) => {
  const lines: object[] = [];
  const caller = new AbortController();
  const app = new Hono<RequestVariables>();
  app.onError(renderProblem((line) => void lines.push(line)));
  app.get("/", ({ req }) => {
    caller.abort();
    throw errorOf() ?? req.raw.signal.reason;
  });
  const response = await app.fetch(new Request("https://namesight.test/", { signal: caller.signal }));
  expect([response.status, lines.length]).toEqual([status, logged]);
});
