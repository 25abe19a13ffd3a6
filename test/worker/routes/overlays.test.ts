import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { NOON, picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

async function linked() {
  const app = startApp();
  const { overlay_url } = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
  return { app, url: new URL(overlay_url ?? "") };
}

describe("GET /v1/overlays/{account}/{file}", () => {
  test("refuses a link that was changed, and one that has expired", async () => {
    const { app, url } = await linked();
    const other = url.pathname.replace("/public/", "/someone/");
    expect(await readProblem(await app.fetch(other + url.search))).toMatchObject({ code: "link_invalid", status: 403 });
    const bare = url.pathname.replace(/\.png$/, "");
    expect(await readProblem(await app.fetch(bare + url.search))).toMatchObject({ code: "link_invalid", status: 403 });
    const late = startApp(scriptedPost(), { clock: () => NOON + (LIMITS.maskLinkSeconds + 1) * 1000 });
    expect(await readProblem(await late.fetch(url.pathname + url.search))).toMatchObject({
      code: "link_expired",
      status: 410,
    });
  });

  test("answers 404 when the overlay is no longer kept", async () => {
    const { app, url } = await linked();
    for (const { key } of (await env.MASKS.list({ prefix: "overlays/" })).objects) await env.MASKS.delete(key);
    expect(await readProblem(await app.fetch(url.pathname + url.search))).toMatchObject({
      code: "not_found",
      status: 404,
    });
  });
});
