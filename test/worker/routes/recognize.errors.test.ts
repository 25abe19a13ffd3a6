import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { blackPng, dataUrl } from "../../support/png.ts";
import { hang } from "../../support/scripted-cog.ts";
import { picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const refuse = async (body: unknown, headers: Record<string, string> = {}) =>
  readProblem(await startApp().post(body, headers));
const raw = async (body: BodyInit, headers: Record<string, string>) =>
  startApp().fetch("/v1/recognize", { method: "POST", body, headers });

describe("answers 400", () => {
  test("when the body is not JSON", async () => {
    expect(await readProblem(await raw("{", { "content-type": "application/json" }))).toMatchObject({
      status: 400,
      code: "invalid_json",
    });
  });
  test("when the body is not multipart", async () => {
    const problem = await readProblem(
      await raw("--x\r\nnonsense", { "content-type": "multipart/form-data; boundary=x" }),
    );
    expect(problem).toMatchObject({ status: 400, code: "invalid_multipart" });
  });
});

test("answers 404 for an unknown path, with any method", async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    expect(await readProblem(await startApp().fetch("/v2/recognize", { method }))).toMatchObject({
      status: 404,
      code: "not_found",
    });
  }
});

test.each([
  ["/v1/recognize", "GET", "POST"],
  ["/v1/recognize", "DELETE", "POST"],
  ["/health", "POST", "GET"],
  ["/v1/masks/public/a.png", "PUT", "GET"],
])("answers 405 with Allow when %s gets %s", async (path, method, allowed) => {
  const response = await startApp().fetch(path, { method });
  expect(response.headers.get("allow")).toContain(allowed);
  expect(await readProblem(response)).toMatchObject({ status: 405, code: "method_not_allowed" });
});

test.each(["text/html", "application/xml;q=0.9, audio/*", "application/json;q=0"])(
  "answers 406 when Accept is %s",
  async (accept) => {
    expect(await refuse({ text: TEXT }, { accept })).toMatchObject({ status: 406, code: "not_acceptable" });
  },
);

describe("answers 413", () => {
  test("when the body is too large, with or without Content-Length", async () => {
    const body = new Uint8Array(LIMITS.bodyBytes + 1);
    const stream = new Blob([body]).stream();
    for (const sent of [body, stream]) {
      expect(await readProblem(await raw(sent, { "content-type": "application/json" }))).toMatchObject({
        status: 413,
        code: "body_too_large",
        errors: [{ limit: LIMITS.bodyBytes }],
      });
    }
  });
  test("when a picture inside JSON is too large", async () => {
    const image = `data:image/png;base64,${"A".repeat(Math.ceil((LIMITS.inlineBytes * 4) / 3) + 8)}`;
    expect(await refuse({ text: TEXT, image })).toMatchObject({
      status: 413,
      errors: [{ pointer: "/image", limit: LIMITS.inlineBytes }],
    });
  });
});

describe("answers 415", () => {
  test.each(["text/plain", "application/xml", "application/x-www-form-urlencoded"])(
    "when the body is %s",
    async (type) => {
      expect(await readProblem(await raw("text=hello", { "content-type": type }))).toMatchObject({
        status: 415,
        code: "unsupported_media_type",
      });
    },
  );
  test("when the picture has another type, which is named", async () => {
    const problem = await refuse({ text: TEXT, image: `data:image/gif;base64,${btoa("GIF89a........")}` });
    expect(problem).toMatchObject({
      status: 415,
      code: "picture_type_not_supported",
      detail: expect.stringContaining("GIF"),
      errors: [{ pointer: "/image" }],
    });
  });
});

describe("answers 422", () => {
  test.each([
    ["no text", {}, "/text", { detail: "or tokens is required" }],
    [
      "text and tokens",
      { text: "a", tokens: ["a"] },
      "/tokens",
      { detail: "stands beside text; use one or the other" },
    ],
    ["no tokens", { tokens: [] }, "/tokens", { limit: 1 }],
    ["an empty token", { tokens: ["a", ""] }, "/tokens/1", { limit: 1 }],
    ["tokens that are too long together", { tokens: Array(30).fill("x".repeat(400)) }, "/tokens", { limit: 10_000 }],
    ["too many tokens", { tokens: Array(4001).fill("x") }, "/tokens", { limit: 4000 }],
    ["an unknown set of labels", { text: "", labels: "coarse" }, "/labels", { value: "coarse" }],
    ["no labels", { text: "", labels: [] }, "/labels", {}],
    ["a label without a name", { text: "", labels: ["PER", ""] }, "/labels/1", { limit: 1 }],
    [
      "a type outside the labels",
      { text: "abc", labels: "fine", entities: [{ start: 0, end: 1, type: "PER" }] },
      "/entities/0/type",
      { value: "PER" },
    ],
    ["an unknown mode", { text: "", mode: "slow" }, "/mode", { limit: ["fast", "cheap"], value: "slow" }],
    ["an unknown form of masks", { text: "", masks: "png" }, "/masks", { limit: ["rle", "polygon", "coco"] }],
    ["a store that is no boolean", { text: "", store: "no" }, "/store", { value: "no" }],
    ["a text of the wrong type", { text: 7 }, "/text", {}],
    [
      "a text that is too long",
      { text: "x".repeat(10_001) },
      "/text",
      { limit: 10_000, value: "10001 UTF-16 code units" },
    ],
    ["an unknown task", { text: "", task: "gmne" }, "/task", { limit: ["mner", "gmner", "smner"], value: "gmne" }],
    ["a max_entities below 1", { text: "", max_entities: 0 }, "/max_entities", { limit: 1, value: 0 }],
    ["a max_entities above the limit", { text: "", max_entities: 101 }, "/max_entities", { limit: 100, value: 101 }],
    ["a max_entities that is no integer", { text: "", max_entities: 1.5 }, "/max_entities", { value: 1.5 }],
    ["a threshold above 1", { text: "", thresholds: { visible: 2 } }, "/thresholds/visible", { limit: 1, value: 2 }],
    ["an unknown threshold", { text: "", thresholds: { mask: 1 } }, "/thresholds/mask", {}],
    ["an unknown encoding", { text: "", offset_encoding: "utf-32" }, "/offset_encoding", { value: "utf-32" }],
    [
      "a span outside the text",
      { text: "abc", entities: [{ start: 0, end: 9, type: "PER" }] },
      "/entities/0/end",
      { limit: 3, value: 9 },
    ],
    [
      "a span whose end is before its start",
      { text: "abc", entities: [{ start: 2, end: 1, type: "PER" }] },
      "/entities/0/end",
      {},
    ],
    [
      "a span that splits a surrogate pair",
      { text: "🚀", entities: [{ start: 0, end: 1, type: "PER" }] },
      "/entities/0/end",
      {},
    ],
    ["an unknown type", { text: "abc", entities: [{ start: 0, end: 3, type: "DOG" }] }, "/entities/0/type", {}],
    [
      "too many entities",
      { text: "abc", entities: Array(101).fill({ start: 0, end: 3, type: "PER" }) },
      "/entities",
      { limit: 100 },
    ],
    ["an unknown field", { text: "", txet: "" }, "/txet", {}],
    ["an image that is no string", { text: "", image: 7 }, "/image", {}],
    ["an image that is no base64", { text: "", image: "data:image/png;base64,§§§" }, "/image", {}],
  ])("with field, limit and value for %s", async (_, body, pointer, rest) => {
    const problem = await refuse(body);
    expect(problem).toMatchObject({ status: 422, code: "invalid_request" });
    expect(problem.errors).toContainEqual(expect.objectContaining({ pointer, ...rest }));
  });

  test.each([
    ["deadline_ms", 499, { limit: 500 }],
    ["deadline_ms", 30_001, { limit: 30_000 }],
    ["max_cost_usd", 0.01, { detail: "must be of type string" }],
    [
      "max_cost_usd",
      "1e-3",
      {
        detail:
          'must be US dollars as a decimal string, such as "0.01", with at most 6 digits before the point and 9 after it',
      },
    ],
    ["fallback", "no", { detail: "must be of type boolean" }],
  ])("with the rule that %s: %j breaks", async (field, value, error) => {
    expect(await refuse({ text: TEXT, [field]: value })).toMatchObject({
      status: 422,
      code: "invalid_request",
      errors: [{ pointer: `/${field}`, ...error }],
    });
  });

  test("with labels_not_covered when no model can give the labels", async () => {
    for (const labels of ["fine", ["spaceship"]]) {
      expect(await refuse({ text: TEXT, labels })).toMatchObject({
        status: 422,
        code: "labels_not_covered",
        errors: [{ pointer: "/labels" }],
      });
    }
  });

  test("without repeating the post", async () => {
    const problem = await refuse({ text: `secret ${"x".repeat(10_000)}`, image: "secret", nonsense: true });
    expect(JSON.stringify(problem)).not.toContain("secret");
  });

  test("when a picture is cut off, and when it has 26 megapixels", async () => {
    const bytes = await blackPng(8, 8);
    expect(await refuse({ text: TEXT, image: dataUrl(bytes.subarray(0, 20)) })).toMatchObject({
      status: 422,
      code: "invalid_picture",
    });
    const claims = bytes.slice();
    new DataView(claims.buffer, claims.byteOffset).setUint32(16, 6500);
    new DataView(claims.buffer, claims.byteOffset).setUint32(20, 4000);
    expect(await refuse({ text: TEXT, image: dataUrl(claims) })).toMatchObject({
      status: 422,
      code: "picture_too_many_pixels",
      detail: expect.stringMatching(/26000000.*25000000/),
    });
  });

  test("when an overlay is asked for without a picture", async () => {
    expect(await refuse({ text: TEXT }, { accept: "image/png" })).toMatchObject({
      status: 422,
      errors: [{ pointer: "/image" }],
    });
  });
});

describe("deadline", () => {
  test("answers 504 when mner does not answer in time", async () => {
    const app = startApp(scriptedPost().on("mner", hang), { deadlineMs: 30 });
    expect(await readProblem(await app.post({ text: TEXT }))).toMatchObject({
      status: 504,
      code: "deadline_exceeded",
      stage: "mner",
    });
  });

  test("answers the rest when a later stage does not answer in time", async () => {
    const app = startApp(scriptedPost().on("segmentation", hang), { deadlineMs: 300 });
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(answer).toMatchObject({ partial: true, problems: [{ code: "stage_failed", stage: "segmentation" }] });
    expect(answer.entities[0]).toMatchObject({ visible: true, regions: [{ mask: null, mask_reason: "stage_failed" }] });
  });
});

describe("answers misconfigured everywhere but at /health", () => {
  test.each([
    ["the development key in production", { ENVIRONMENT: "production" }, "LINK_SIGNING_KEY"],
    ["an unreadable chain", { MNER: "nonsense" }, "MNER"],
    ["an unknown provider", { MNER: "magic/model" }, "MNER"],
    ["no address for an endpoint", { GROUNDING: "cog:elsewhere/grounding" }, "ENDPOINT_ELSEWHERE"],
    ["an endpoint that is neither https nor on the loopback", { ENDPOINT_LOCAL: "http://10.0.0.1" }, "ENDPOINT_LOCAL"],
  ])("when there is %s", async (_, variables, named) => {
    const app = startApp(scriptedPost(), {}, variables);
    expect(await readProblem(await app.post({ text: TEXT }))).toMatchObject({
      status: 500,
      code: "misconfigured",
      detail: expect.stringContaining(named),
    });
    const health = await app.fetch("/health");
    expect([health.status, ((await health.json()) as { status: string }).status]).toEqual([200, "degraded"]);
    expect(app.cog.calls).toEqual([]);
  });
});

test("does not send the message of an unexpected error", async () => {
  const app = startApp(scriptedPost(), {
    clock: () => {
      throw new Error("secret detail");
    },
  });
  const response = await app.post({ text: TEXT }).catch(() => null);
  if (response) expect(await response.text()).not.toContain("secret");
});

test("aborts the model call when the caller disconnects", async () => {
  const cog = scriptedPost().on("mner", hang);
  const caller = new AbortController();
  const app = startApp(cog);
  const pending = app.fetch("/v1/recognize", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: TEXT }),
    signal: caller.signal,
  });
  await expect.poll(() => cog.calls.length).toBeGreaterThan(0);
  caller.abort();
  await pending.catch(() => undefined);
  expect(cog.calls[0]?.signal?.aborted).toBe(true);
});
