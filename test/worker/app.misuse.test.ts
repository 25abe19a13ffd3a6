import { describe, expect, test } from "vitest";
import { PROBLEMS } from "../../schemas/problem.ts";
import { picture, readProblem, scriptedPost, startApp, TEXT } from "./harness.ts";

const { fetch, post } = startApp();
const POSTS = ["/v1/recognize", "/v1/mner", "/v1/expand", "/v1/entail", "/v1/ground", "/v1/segment"];
const send = (body: BodyInit, type?: string, path = "/v1/recognize") =>
  fetch(path, { method: "POST", body, headers: type === undefined ? {} : { "content-type": type } });

describe("bodies", () => {
  test.each([
    ["text/plain", "hello", "text/plain"],
    ["no content type", new Uint8Array([1, 2, 3]), undefined],
    ["a URL-encoded form", new URLSearchParams({ text: TEXT }), undefined],
    ["XML", "<a/>", "application/xml"],
    ["of an unreadable content type", "{}", ";;;"],
  ])("answers 415 with Accept-Post when the body is %s", async (_, body, type) => {
    const response = await send(body, type);
    expect(response.headers.get("accept-post")).toBe("application/json, multipart/form-data");
    expect(await readProblem(response)).toMatchObject({ status: 415, code: "unsupported_media_type" });
  });

  test.each([
    ["nothing", ""],
    ["half an object", '{"text": "a"'],
    ["NaN", '{"text": "a", "thresholds": {"visible": NaN}}'],
    ["JSON with a comment", '{"text": "a"} // b'],
    ["a lone byte that is not UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
  ])("answers invalid_json when the body is %s", async (_, body) => {
    expect(await readProblem(await send(body, "application/json"))).toMatchObject({
      status: 400,
      code: "invalid_json",
    });
  });

  test.each([["null"], ["[]"], ['"text"'], ["7"]])("answers 422 when the body is %s and no object", async (body) => {
    expect(await readProblem(await send(body, "application/json"))).toMatchObject({
      status: 422,
      detail: "The request must be a JSON object.",
    });
  });

  test.each([
    ["at the top", '{"text": "a", "text": "b"}', "/text"],
    ["in another object", '{"text": "a", "thresholds": {"visible": 0, "visible": 1}}', "/thresholds/visible"],
    ["spelled with an escape", '{"text": "a", "te\\u0078t": "b"}', "/text"],
    ["behind a text with quotes and braces", '{"text": "\\"}{\\\\", "task": "mner", "task": "gmner"}', "/task"],
  ])("answers 422 when a field is given twice: %s", async (_, body, pointer) => {
    expect(await readProblem(await send(body, "application/json"))).toMatchObject({
      status: 422,
      errors: [{ pointer, detail: "is given more than once" }],
    });
  });

  test("accepts the same name in two objects, and a value that looks like a name", async () => {
    const body =
      '{"text": "text", "entities": [{"start": 0, "end": 1, "type": "PER"}, {"start": 2, "end": 3, "type": "PER"}]}';
    expect((await send(body, "application/json")).status).toBe(200);
  });

  test.each([
    ["lists", "[".repeat(1e6) + "]".repeat(1e6)],
    ["objects", `${'{"a":'.repeat(2e5)}1${"}".repeat(2e5)}`],
  ])("answers 422 with the limit when %s are nested too deeply", async (_, value) => {
    expect(await readProblem(await send(`{"text": "a", "x": ${value}}`, "application/json"))).toMatchObject({
      status: 422,
      errors: [{ limit: 16 }],
    });
  });

  test("answers 422 when a form has a field twice", async () => {
    const form = new FormData();
    form.append("text", "a");
    form.append("text", "b");
    expect(await readProblem(await send(form))).toMatchObject({
      status: 422,
      errors: [{ pointer: "/text", detail: "is given more than once" }],
    });
  });

  test.each([
    ["a boundary that the body does not have", "--other\r\n\r\n--other--\r\n", "multipart/form-data; boundary=here"],
    ["no boundary", "text", "multipart/form-data"],
    [
      "a part that is cut off",
      '--here\r\nContent-Disposition: form-data; name="text"\r\n\r\nabc',
      "multipart/form-data; boundary=here",
    ],
  ])("answers invalid_multipart when a form has %s", async (_, body, type) => {
    expect(await readProblem(await send(body, type))).toMatchObject({ status: 400, code: "invalid_multipart" });
  });

  test("answers 413 when a body is larger than the limit, whatever Content-Length says", async () => {
    const large = new Uint8Array(12 * 1024 * 1024);
    const stream = new ReadableStream({
      type: "bytes",
      start(controller) {
        controller.enqueue(large.slice());
        controller.close();
      },
    });
    for (const headers of [{}, { "content-length": "10" }]) {
      const init = {
        method: "POST",
        body: headers["content-length" as never] ? large : stream,
        headers: { "content-type": "application/json", ...headers },
      };
      expect(await readProblem(await fetch("/v1/recognize", init))).toMatchObject({
        status: 413,
        errors: [{ limit: 11 * 1024 * 1024 }],
      });
    }
  });
});

describe("methods", () => {
  test.each(POSTS)("answer 405 with Allow when %s gets another method than POST", async (path) => {
    for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"]) {
      const response = await fetch(path, { method });
      expect([method, response.status, response.headers.get("allow")]).toEqual([method, 405, "POST"]);
    }
  });

  test("answer HEAD like GET without the body", async () => {
    for (const path of ["/", "/health", "/openapi.json", "/problems/internal"]) {
      const [head, get] = [await fetch(path, { method: "HEAD" }), await fetch(path)];
      expect([head.status, await head.text(), head.headers.get("content-type")]).toEqual([
        200,
        "",
        get.headers.get("content-type"),
      ]);
    }
  });

  test("answer a CORS preflight from any origin", async () => {
    const headers = {
      origin: "https://newsroom.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const response = await fetch("/v1/recognize", { method: "OPTIONS", headers });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-methods")).toContain("POST");
    expect(response.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("content-type");
  });

  test("let pages of any origin read responses, problems and the request's id", async () => {
    for (const response of [await post({ text: TEXT }), await post({}), await fetch("/nothing")]) {
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-expose-headers")).toContain("X-Request-Id");
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });
});

test("sends the security headers with every response", async () => {
  const overlay = await post({ text: TEXT, image: await picture() }, { accept: "image/svg+xml" });
  for (const response of [
    overlay,
    await post({}),
    await fetch("/"),
    await fetch("/nothing"),
    await fetch("/v1/recognize"),
  ]) {
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("strict-transport-security")).toContain("max-age=");
    expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  }
});

test("refuses Idempotency-Key by name where there are no accounts", async () => {
  for (const path of POSTS) {
    expect(await readProblem(await post({ text: TEXT }, { "idempotency-key": "a" }, path))).toMatchObject({
      status: 422,
      code: "field_not_supported",
      detail: expect.stringContaining("Idempotency-Key"),
    });
  }
});

test("logs one line per request, with what each stage did and nothing of the post", async () => {
  const app = startApp();
  await app.post({ text: TEXT, image: await picture() }, { "user-agent": "secret-agent" });
  await app.post({ text: 7 });
  await app.fetch("/v1/masks/public/x.png?signature=secret");
  expect(app.lines).toHaveLength(3);
  expect(app.lines[0]).toMatchObject({
    event: "request",
    route: "/v1/recognize",
    status: 200,
    stages: expect.any(Array),
  });
  expect(app.lines[1]).toMatchObject({ route: "/v1/recognize", status: 422 });
  expect(app.lines[2]).toMatchObject({ route: "/v1/masks/:account/:file", status: 403 });
  expect(JSON.stringify(app.lines)).not.toMatch(/Collins|base64|secret|127\.0\.0\.1/);
});

test("serves a page for every problem code, and for no other", async () => {
  for (const [code, { title }] of Object.entries(PROBLEMS)) {
    const page = await fetch(`/problems/${code}`);
    expect([page.status, page.headers.get("content-type"), (await page.text()).includes(title)]).toEqual([
      200,
      "text/markdown; charset=utf-8",
      true,
    ]);
  }
  for (const code of ["nonsense", "toString", "__proto__"]) expect((await fetch(`/problems/${code}`)).status).toBe(404);
});

test("serves the OpenAPI document", async () => {
  const response = await fetch("/openapi.json");
  expect(((await response.json()) as { openapi: string }).openapi).toBe("3.1.0");
});

test("retries a model only when its error is retryable", async () => {
  const waits: number[] = [];
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  const once = startApp(
    scriptedPost().on("mner", () => new Response("", { status: 422 })),
    { sleep },
  );
  await once.post({ text: TEXT });
  expect([once.cog.calls.length, waits]).toEqual([1, []]);
  const busy = startApp(
    scriptedPost().on("mner", () => new Response("", { status: 409 })),
    { sleep, chance: () => 0.5 },
  );
  await busy.post({ text: TEXT });
  expect([busy.cog.calls.length, waits]).toEqual([3, [200, 400]]);
});
