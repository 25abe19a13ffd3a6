import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";
import { MONEY, startCharged as start, unanswered, withPicture } from "./start-charged.ts";

describe("a request with an Idempotency-Key", () => {
  const once = { "idempotency-key": "once" };

  test.each(["application/json", "image/png", "text/event-stream"])(
    "is answered once as %s, and repeated byte by byte",
    async (accept) => {
      const { app, post, available } = await start();
      const body = await withPicture();
      const first = await post(body, { ...once, accept });
      const bytes = new Uint8Array(await first.arrayBuffer());
      const asked = app.cog.calls.length;
      const again = await post({ ...body, task: "smner" }, { ...once, accept });
      expect(again.status).toBe(200);
      expect(new Uint8Array(await again.arrayBuffer())).toEqual(bytes);
      expect(again.headers.get("content-type")).toBe(first.headers.get("content-type"));
      expect(again.headers.get("idempotent-replayed")).toBe("true");
      expect(again.headers.get("x-first-request-id")).toBe(first.headers.get("x-request-id"));
      expect(app.cog.calls).toHaveLength(asked);
      expect(await available()).toBe(986_500_000);
    },
  );

  test("is the same request as a form with another boundary", async () => {
    const { app, headers, available } = await start();
    const form = () => {
      const fields = new FormData();
      fields.set("text", TEXT);
      return app.fetch("/v1/mner", { method: "POST", headers: { ...headers, ...once }, body: fields });
    };
    const [first, again] = [await form(), await form()];
    expect([first.status, again.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    expect(await available()).toBe(MONEY - 500_000);
  });

  test("is refused for another body, names the first request, and may be sent to another operation", async () => {
    const { post } = await start();
    const first = await post({}, once);
    const other = await readProblem(await post({ text: "Felix" }, once));
    expect(other).toMatchObject({
      code: "idempotency_key_reused",
      status: 422,
      first_request_id: first.headers.get("x-request-id"),
    });
    expect((await post({}, once, "/v1/mner")).status).toBe(200);
  });

  test("is told to wait while the first runs", async () => {
    const held = Promise.withResolvers<void>();
    const cog = scriptedPost();
    cog.on("mner", async () => {
      await held.promise;
      return { model: "scripted", version: "7", mentions: [] };
    });
    const { post } = await start({ cog });
    const first = post({}, once);
    await expect.poll(() => cog.asked("mner").length).toBe(1);
    const second = await post({}, once);
    expect(await readProblem(second)).toMatchObject({ code: "request_in_flight", status: 409 });
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
    held.resolve();
    expect((await first).status).toBe(200);
    expect((await post({}, once)).headers.get("idempotent-replayed")).toBe("true");
    expect(cog.asked("mner")).toHaveLength(1);
  });

  test("with store: false is not kept: a repeat is told of the first request and its charge", async () => {
    const { app, post, available } = await start();
    const first = await post({ store: false }, once);
    const problem = await readProblem(await post({ store: false }, once));
    expect(problem).toMatchObject({
      code: "answer_not_kept",
      first_request_id: first.headers.get("x-request-id"),
      charge: { amount_usd: "0.0015", units: { calls: 1, entities: 0, masks: 0 } },
    });
    expect([await available(), app.cog.asked("mner").length]).toEqual([MONEY - 1_500_000, 1]);
    const { objects } = await env.MASKS.list({ prefix: "answers/" });
    expect(objects).toEqual([]);
  });

  test("that failed may be sent again", async () => {
    const cog = unanswered();
    const { post } = await start({ cog });
    expect((await post({}, once)).status).toBe(502);
    cog.on("mner", () => ({ model: "scripted", version: "7", mentions: [] }));
    expect((await post({}, once)).status).toBe(200);
  });

  test("needs accounts", async () => {
    const problem = await readProblem(await startApp().post({ text: TEXT }, once));
    expect(problem).toMatchObject({ code: "field_not_supported", detail: expect.stringContaining("Idempotency-Key") });
  });
});
