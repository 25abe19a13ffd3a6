import { describe, expect, test } from "vitest";
import { concat } from "../../../src/image/bytes.ts";
import { pngChunk } from "../../../src/image/png-chunk.ts";
import { blackPng } from "../../support/png.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

/** Room for one post with the picture below, and not for two. */
const memoryBytes = 1_500_000;

/** A form with a picture of so many bytes. Scripted models do not decode it. */
async function largePost(size = 300_000): Promise<FormData> {
  const png = await blackPng(80, 60);
  const form = new FormData();
  form.set("text", TEXT);
  const bytes = concat([png.subarray(0, 33), pngChunk("IDAT", new Uint8Array(size)), png.subarray(33)]);
  form.set("image", new File([bytes as Uint8Array<ArrayBuffer>], "a.png"));
  return form;
}

/** A model that answers when the test lets it. */
function gatedPost() {
  let [answer, ask] = [() => {}, () => {}];
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const cog = scriptedPost().on("mner", async () => {
    ask();
    await answered;
    return { model: "scripted", version: "7", mentions: [] };
  });
  return { cog, asked, answer };
}

describe("the memory of the isolate", () => {
  test("refuses a large post at once while another is in flight, and accepts it when that has ended", async () => {
    const { cog, asked, answer } = gatedPost();
    const app = startApp(cog, { memoryBytes });
    const first = app.fetch("/v1/recognize", { method: "POST", body: await largePost() });
    await asked;
    const refused = await app.fetch("/v1/recognize", { method: "POST", body: await largePost() });
    expect(refused.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(await readProblem(refused)).toMatchObject({ status: 503, code: "overloaded" });
    expect(cog.asked("mner")).toHaveLength(1);
    answer();
    expect((await first).status).toBe(200);
    expect((await app.fetch("/v1/recognize", { method: "POST", body: await largePost() })).status).toBe(200);
  });

  test("accepts small posts while a large one is in flight", async () => {
    const { cog, asked, answer } = gatedPost();
    const app = startApp(cog, { memoryBytes });
    const first = app.fetch("/v1/recognize", { method: "POST", body: await largePost() });
    await asked;
    const small = Array.from({ length: 20 }, () => app.post({ text: TEXT, task: "mner" }));
    answer();
    for (const response of await Promise.all([first, ...small])) expect(response.status).toBe(200);
  });

  test("refuses a body without Content-Length where it finds no room, and reads the rest of it", async () => {
    const { cog, asked, answer } = gatedPost();
    const app = startApp(cog, { memoryBytes });
    const first = app.fetch("/v1/recognize", { method: "POST", body: await largePost() });
    await asked;
    let sent = 0;
    const body = new ReadableStream({
      type: "bytes",
      pull(controller) {
        if (++sent > 30) controller.close();
        else controller.enqueue(new Uint8Array(10_000).fill(32));
      },
    });
    const headers = { "content-type": "application/json" };
    const refused = await app.fetch("/v1/recognize", { method: "POST", headers, body });
    expect(await readProblem(refused)).toMatchObject({ status: 503, code: "overloaded" });
    expect(sent).toBe(31);
    answer();
    await first;
  });

  test.each([
    ["is invalid", "nonsense", "1"],
    ["has a broken picture", "image", new File([new Uint8Array(300_000)], "a.png")],
  ] as const)("is freed when a post %s", async (_, field, value) => {
    const app = startApp(scriptedPost(), { memoryBytes });
    for (let count = 0; count < 5; count++) {
      const form = await largePost();
      form.set(field, value);
      const refused = await app.fetch("/v1/recognize", { method: "POST", body: form });
      expect(refused.status).toBeGreaterThanOrEqual(415);
      expect(refused.status).toBeLessThan(500);
    }
    expect((await app.fetch("/v1/recognize", { method: "POST", body: await largePost() })).status).toBe(200);
  });

  test("is freed when a model fails", async () => {
    const cog = scriptedPost().on("mner", () => FAULTS.failed());
    const app = startApp(cog, { memoryBytes });
    expect((await app.fetch("/v1/recognize", { method: "POST", body: await largePost() })).status).toBe(502);
    expect((await app.fetch("/v1/recognize", { method: "POST", body: await largePost() })).status).toBe(502);
  });

  test("counts a download as it arrives", async () => {
    const { cog, asked, answer } = gatedPost();
    const fetchPublic = async () => new Response(new Uint8Array(300_000));
    const app = startApp(cog, { memoryBytes, fetchPublic });
    const first = app.fetch("/v1/recognize", { method: "POST", body: await largePost() });
    await asked;
    const refused = await app.post({ text: TEXT, image: "https://pictures.namesight.dev/a.png" });
    expect(await readProblem(refused)).toMatchObject({ status: 503, code: "overloaded" });
    answer();
    await first;
    const broken = await app.post({ text: TEXT, image: "https://pictures.namesight.dev/a.png" });
    expect(await readProblem(broken)).toMatchObject({ code: "picture_type_not_supported" });
  });

  test.each(["image/png", "image/svg+xml"])("refuses a post for %s before a model is asked", async (accept) => {
    const { cog, asked, answer } = gatedPost();
    const app = startApp(cog, { memoryBytes });
    const first = app.fetch("/v1/recognize", { method: "POST", body: await largePost() });
    await asked;
    const form = await largePost(accept === "image/png" ? 100 : 100_000);
    const refused = await app.fetch("/v1/recognize", { method: "POST", headers: { accept }, body: form });
    expect(await readProblem(refused)).toMatchObject({ status: 503, code: "overloaded" });
    expect(cog.asked("mner")).toHaveLength(1);
    answer();
    await first;
  });

  test("refuses to draw a stored overlay while it has no room", async () => {
    const stored = startApp();
    const { overlay_url } = await readAnswer(
      await stored.fetch("/v1/recognize", { method: "POST", body: await largePost() }),
    );
    const { pathname, search } = new URL(overlay_url ?? "");
    const { cog, asked, answer } = gatedPost();
    const app = startApp(cog, { memoryBytes });
    const first = app.fetch("/v1/recognize", { method: "POST", body: await largePost() });
    await asked;
    expect(await readProblem(await app.fetch(pathname + search))).toMatchObject({ status: 503, code: "overloaded" });
    answer();
    await first;
  });
});
