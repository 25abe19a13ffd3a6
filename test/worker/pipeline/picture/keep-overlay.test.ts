import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { picture, readAnswer, scriptedPost, startApp, TEXT } from "../../harness.ts";

const kept = async () =>
  (await env.MASKS.list({ prefix: "overlays/" })).objects.map(({ key }) => key.split("/").at(-1));

async function linked() {
  const app = startApp();
  const { overlay_url } = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
  return { app, url: new URL(overlay_url ?? "") };
}

describe("overlay_url", () => {
  test("gives the drawing as PNG when it is first fetched, and the same bytes from then on", async () => {
    const { app, url } = await linked();
    expect(await kept()).toEqual(["answer", "picture"]);
    const [first, second] = [await app.fetch(url.pathname + url.search), await app.fetch(url.pathname + url.search)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.headers.get("content-type")).toBe("image/png");
    expect(first.headers.get("cache-control")).toBe(`private, max-age=${LIMITS.maskLinkSeconds}, immutable`);
    const [a, b] = [await first.arrayBuffer(), await second.arrayBuffer()];
    expect([...new Uint8Array(a).subarray(1, 4)]).toEqual([...new TextEncoder().encode("PNG")]);
    expect(new Uint8Array(b)).toEqual(new Uint8Array(a));
    expect(await kept()).toEqual(["png"]);
  });

  test("gives what Accept: image/png gives for the same post", async () => {
    const { app, url } = await linked();
    const drawn = await app.post({ text: TEXT, image: await picture() }, { accept: "image/png" });
    const fetched = await app.fetch(url.pathname + url.search);
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(new Uint8Array(await drawn.arrayBuffer()));
  });

  test("is null and keeps nothing when store is false or the post has no picture", async () => {
    const app = startApp();
    const unstored = await readAnswer(await app.post({ text: TEXT, image: await picture(), store: false }));
    const textAlone = await readAnswer(await app.post({ text: TEXT }));
    expect([unstored.overlay_url, textAlone.overlay_url]).toEqual([null, null]);
    expect(await kept()).toEqual([]);
  });

  test("leaves nothing behind when the request ends with a problem", async () => {
    const app = startApp(scriptedPost().on("mner", () => new Response("down", { status: 500 })));
    expect((await app.post({ text: TEXT, image: await picture() })).status).toBe(502);
    expect(await kept()).toEqual([]);
  });

  test("is null, and the answer whole, when the store is down", async () => {
    const down = new Proxy(env.MASKS, { get: () => () => Promise.reject(new Error("R2 is down")) });
    const app = startApp(scriptedPost(), {}, { MASKS: down });
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(answer).toMatchObject({ overlay_url: null, partial: false });
    expect(app.lines.map(({ event }) => event)).toContain("overlay_not_kept");
  });
});
