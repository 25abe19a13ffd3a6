import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { NOON, picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

describe("GET /v1/masks/{account}/{file}", () => {
  /** A post whose first mask is stored, and the link to it. */
  async function storeMask() {
    const app = startApp();
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    const link = answer.entities[0]?.regions[0]?.mask_url ?? "";
    return { app, link, path: new URL(link).pathname + new URL(link).search };
  }

  test("serves a PNG by signed link, private and with an ETag", async () => {
    const { app, path } = await storeMask();
    const response = await app.fetch(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("cache-control")).toMatch(/^private, max-age=\d+/);
    expect(response.headers.get("etag")).toMatch(/^"[0-9a-f]{64}"$/);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });

  test("answers 304 for its ETag, 206 and 416 for ranges, and HEAD without a body", async () => {
    const { app, path } = await storeMask();
    const whole = await app.fetch(path);
    const etag = whole.headers.get("etag") ?? "";
    const bytes = new Uint8Array(await whole.arrayBuffer());
    expect((await app.fetch(path, { headers: { "if-none-match": etag } })).status).toBe(304);
    const part = await app.fetch(path, { headers: { range: "bytes=1-3" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 1-3/${bytes.length}`]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(1, 4));
    const tail = await app.fetch(path, { headers: { range: "bytes=-4" } });
    expect(new Uint8Array(await tail.arrayBuffer())).toEqual(bytes.slice(-4));
    const past = await app.fetch(path, { headers: { range: "bytes=99999-" } });
    expect(past.headers.get("content-range")).toBe(`bytes */${bytes.length}`);
    expect(await readProblem(past)).toMatchObject({ status: 416, code: "range_not_satisfiable" });
    const head = await app.fetch(path, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String(bytes.length),
      "",
    ]);
  });

  test("answers 403 for a changed link, 410 for an expired one, 404 for a deleted mask", async () => {
    const { app, link, path } = await storeMask();
    const url = new URL(link);
    const other = url.pathname.replace(/[0-9a-f]\.png$/, (end) => (end[0] === "0" ? "1.png" : "0.png"));
    const later = url.search.replace(/expires=(\d+)/, (_, seconds: string) => `expires=${Number(seconds) + 1}`);
    for (const changed of [
      url.pathname,
      other + url.search,
      url.pathname + later,
      `${path}x`,
      path.replace("/public/", "/private/"),
    ]) {
      expect(await readProblem(await app.fetch(changed))).toMatchObject({ status: 403, code: "link_invalid" });
    }
    const tomorrow = startApp(scriptedPost(), { clock: () => NOON + 25 * 60 * 60 * 1000 });
    expect(await readProblem(await tomorrow.fetch(path))).toMatchObject({ status: 410, code: "link_expired" });
    for (const { key } of (await env.MASKS.list()).objects) await env.MASKS.delete(key);
    expect(await readProblem(await app.fetch(path))).toMatchObject({ status: 404, code: "not_found" });
  });
});
