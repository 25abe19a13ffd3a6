import { describe, expect, test } from "vitest";
import { FUNCTION_STAGES } from "../../../functions/stage-function.ts";
import { held, input, scripted } from "./scripted-host.ts";

describe("createFunctionsApp", () => {
  test("answers 413 when the body exceeds the limit", async () => {
    expect((await scripted().post({ input: { text: "x".repeat(25 * 1024 * 1024) } })).status).toBe(413);
  });

  test("answers 503 at /health until every stage is ready", async () => {
    const { app, hosts } = scripted();
    expect((await app.request("/health")).status).toBe(503);
    const { stage } = hosts.mner;
    if (!stage) throw new Error("mner is ready in this test");
    for (const name of FUNCTION_STAGES) hosts[name].ready(stage);
    expect((await app.request("/health")).status).toBe(200);
  });

  test("answers 404 when the address is unknown", async () => {
    const response = await scripted().app.request("/nothing");
    expect([response.status, await response.json()]).toEqual([404, { detail: "Not Found" }]);
  });

  test("names each stage's state and set-up error at /health", async () => {
    const { app, hosts } = scripted();
    hosts.grounding.ready(new Error("a digest differs"));
    const { stages } = (await (await app.request("/health")).json()) as { stages: unknown[] };
    expect(stages).toContainEqual({ stage: "mner", status: "READY", error: null });
    expect(stages).toContainEqual({ stage: "grounding", status: "SETUP_FAILED", error: "a digest differs" });
    expect(stages).toHaveLength(FUNCTION_STAGES.length);
  });

  test("answers 503 when the bodies of unanswered requests would exceed what memory has room for", async () => {
    const { run, begun, release } = held();
    const { post } = scripted(run);
    // A body is counted by the length that it declares, before it is read.
    const large = (length: number) => post({ input }, { "content-length": String(length) });
    const taken = Array.from({ length: 10 }, () => large(24 * 1024 * 1024));
    await begun;
    const refused = await large(24 * 1024 * 1024);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(taken.map(() => 200));
    expect((await large(24 * 1024 * 1024)).status).toBe(200);
  });
});

describe("PUT and DELETE /admissions/{id}", () => {
  const ready = () => {
    const host = scripted();
    const { stage } = host.hosts.mner;
    for (const name of FUNCTION_STAGES) host.hosts[name].ready(stage ?? new Error("mner is ready in this test"));
    const put = (id: string, body: unknown = { picture: true, deadline_ms: 30_000 }) =>
      host.post(body, {}, `/admissions/${id}`, "PUT");
    return { ...host, put };
  };

  test("answers 204 until there is no room, then 409 with later and later times, and 204 again when posts ended", async () => {
    const { app, put } = ready();
    for (let post = 0; post < 18; post++) expect((await put(`p${post}`)).status).toBe(204);
    expect((await put("p0")).status).toBe(204);
    const refused = [await put("x"), await put("y")];
    expect(refused.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual([
      [409, "1"],
      [409, "2"],
    ]);
    expect((await app.request("/admissions/p0", { method: "DELETE" })).status).toBe(204);
    expect((await app.request("/admissions/p0", { method: "DELETE" })).status).toBe(204);
    expect((await put("x")).status).toBe(204);
    const { posts } = (await (await app.request("/health")).json()) as { posts: unknown };
    expect(posts).toEqual({ text: { active: 0, post_ms: 50 }, picture: { active: 18, post_ms: 1_000 } });
  });

  test("answers 503 with Retry-After while a stage loads its weights", async () => {
    const response = await scripted().post({ picture: true, deadline_ms: 1 }, {}, "/admissions/a", "PUT");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "3"]);
  });

  test.each([
    ["a.b", undefined],
    ["x".repeat(101), undefined],
    ["a", {}],
    ["a", { picture: true, deadline_ms: 30_001 }],
    ["a", { picture: true, deadline_ms: 1, more: 1 }],
  ])("answers 422 when id and body are %s %o", async (id, body) => {
    expect((await ready().put(id, body)).status).toBe(422);
  });
});
