import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { expansionKey } from "../../../src/storage/expansion-cache.ts";
import { entity, NOON, picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

describe("expansions in KV", () => {
  test("the second identical post expands nothing; its stages say cached", async () => {
    const app = startApp();
    const first = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    const second = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(app.cog.asked("expansion")).toHaveLength(1);
    expect(second.entities.map(({ expression }) => expression)).toEqual(
      first.entities.map(({ expression }) => expression),
    );
    expect(second.stages.find(({ stage }) => stage === "expansion")).toMatchObject({
      cached: true,
      attempts: 0,
      model: "scripted",
    });
  });

  test("another text or another picture is another question; white space is not", async () => {
    const app = startApp();
    await app.post({ text: TEXT });
    await app.post({ text: `${TEXT}!` });
    await app.post({ text: TEXT, image: await picture() });
    expect(app.cog.asked("expansion")).toHaveLength(3);
    await app.post({ text: `  ${TEXT.replace(" met ", "\n met  ")}`, image: await picture() });
    expect(app.cog.asked("expansion")).toHaveLength(3);
  });

  test("what another model wrote while the first was down does not stay", async () => {
    const cog = scriptedPost();
    const app = startApp(cog, {}, { EXPANSION: "cog:local/writer, cog:local/expansion" });
    const text = { text: TEXT, image: await picture() };
    expect(entity(await readAnswer(await app.post(text)), "e1").expression).toMatchObject({ method: "template" });
    expect((await env.EXPANSIONS.list()).keys).toEqual([]);
    cog.on("writer", ({ input }) => ({
      model: "writer",
      version: "1",
      expressions: (input.entities as Array<{ id: string }>).map(({ id }) => ({
        id,
        text: "a woman in orange",
        method: "llm",
      })),
    }));
    expect(entity(await readAnswer(await app.post(text)), "e1").expression).toMatchObject({ method: "llm" });
    expect((await env.EXPANSIONS.list()).keys).toHaveLength(3);
  });

  test("what was written without a caption, or with another, is not what is written with one", async () => {
    const app = startApp(
      scriptedPost().on("caption", () => ({ model: "scripted", version: "7", caption: "A woman." })),
    );
    const seeing = startApp(app.cog, {}, { CAPTION: "cog:local/caption" });
    const post = { text: TEXT, image: await picture() };
    await app.post(post);
    await seeing.post(post);
    await seeing.post(post);
    expect(app.cog.asked("expansion").map(({ caption }) => caption)).toEqual([undefined, "A woman."]);
    const entities = [{ text: "Felix", type: "OTHER" }];
    for (const caption of ["A cat.", "A dog.", "A cat."])
      await app.post({ text: TEXT, entities, caption }, {}, "/v1/expand");
    expect(app.cog.asked("expansion").map(({ caption }) => caption)).toEqual([
      undefined,
      "A woman.",
      "A cat.",
      "A dog.",
    ]);
  });

  test("only what the cache lacks is asked for, in one call", async () => {
    const app = startApp();
    await app.post({ text: TEXT, max_entities: 1 });
    await app.post({ text: TEXT });
    expect(
      app.cog.asked("expansion").map(({ entities }) => (entities as { text: string }[]).map(({ text }) => text)),
    ).toEqual([["Eileen Collins"], ["Felix", "Houston"]]);
  });

  test("every part of the question is in the key", async () => {
    const question = {
      model: "m",
      promptVersion: "1",
      entity: "e",
      type: "PER",
      text: "t",
      picture: "p",
      background: "b",
    } as const;
    const changed = [
      { model: "n" },
      { promptVersion: "2" },
      { entity: "f" },
      { type: "LOC" as const },
      { text: "u" },
      { picture: null },
      { background: null },
    ];
    const keys = await Promise.all(
      [question, ...changed.map((change) => ({ ...question, ...change }))].map(expansionKey),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("an entry that cannot be read is a miss, and a KV that is down costs nothing but the call", async () => {
    const app = startApp();
    await app.post({ text: TEXT });
    for (const { name } of (await env.EXPANSIONS.list()).keys) await env.EXPANSIONS.put(name, "{}");
    expect(await readAnswer(await app.post({ text: TEXT }))).toMatchObject({ partial: false });
    expect(app.cog.asked("expansion")).toHaveLength(2);
    const down = () => Promise.reject(new Error("KV is down"));
    const broken = startApp(scriptedPost(), {}, { EXPANSIONS: { get: down, put: down } as unknown as string });
    expect(await readAnswer(await broken.post({ text: TEXT }))).toMatchObject({ partial: false });
    expect(broken.lines.map(({ event }) => event)).toContain("expansion_cache_unreadable");
  });
});

describe("masks in R2", () => {
  /** A post whose first mask is kept; its link, and the app at any time. */
  async function kept() {
    const app = startApp();
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    const link = answer.entities[0]?.regions[0]?.mask_url ?? "";
    return { app, link, path: new URL(link).pathname + new URL(link).search };
  }

  test("200 by signed link: a PNG, an ETag, private", async () => {
    const { app, path } = await kept();
    const response = await app.fetch(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("cache-control")).toMatch(/^private, max-age=\d+/);
    expect(response.headers.get("etag")).toMatch(/^"[0-9a-f]{64}"$/);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });

  test("the same mask is one object, written once", async () => {
    await kept();
    const before = await env.MASKS.list({ prefix: "masks/" });
    await kept();
    const after = await env.MASKS.list({ prefix: "masks/" });
    expect(after.objects.map(({ key, uploaded }) => [key, uploaded])).toEqual(
      before.objects.map(({ key, uploaded }) => [key, uploaded]),
    );
    for (const { key } of after.objects) expect(key).toMatch(/^masks\/public\/[0-9a-f]{64}$/);
  });

  test("304 for its own tag, 206 and 416 for ranges, no body for HEAD", async () => {
    const { app, path } = await kept();
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

  test("403 for a link that was changed anywhere, 410 for one that is over, 404 for a mask that is gone", async () => {
    const { app, link, path } = await kept();
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

  test("an R2 that is down costs the link and not the mask", async () => {
    const put = () => Promise.reject(new Error("R2 is down"));
    const app = startApp(scriptedPost(), {}, { MASKS: { put } as unknown as string });
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(answer.entities[0]?.regions[0]).toMatchObject({ mask: expect.anything(), mask_url: null });
  });
});
