import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { picture, readAnswer, scriptedPost, startApp, TEXT } from "../harness.ts";

describe("MaskStore", () => {
  /** A post whose first mask is stored, and the link to it. */
  async function storeMask() {
    const app = startApp();
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    const link = answer.entities[0]?.regions[0]?.mask_url ?? "";
    return { app, link, path: new URL(link).pathname + new URL(link).search };
  }

  test("stores the same mask once", async () => {
    await storeMask();
    const before = await env.MASKS.list({ prefix: "masks/" });
    await storeMask();
    const after = await env.MASKS.list({ prefix: "masks/" });
    expect(after.objects.map(({ key, uploaded }) => [key, uploaded])).toEqual(
      before.objects.map(({ key, uploaded }) => [key, uploaded]),
    );
    for (const { key } of after.objects) expect(key).toMatch(/^masks\/public\/[0-9a-f]{64}$/);
  });

  test("leaves out the link and keeps the mask when R2 is down", async () => {
    const put = () => Promise.reject(new Error("R2 is down"));
    const app = startApp(scriptedPost(), {}, { MASKS: { put } as unknown as string });
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(answer.entities[0]?.regions[0]).toMatchObject({ mask: expect.anything(), mask_url: null });
  });
});
