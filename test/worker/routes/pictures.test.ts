import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { blackPng, dataUrl, noisyPng } from "../../support/png.ts";
import { type Call, hang } from "../../support/scripted-cog.ts";
import { type Harness, NOON, picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const VISUAL = ["entailment", "grounding", "segmentation"];
const kept = async () => (await env.PICTURES.list()).objects;

/** An app whose grounding model calls `visit` with the picture's link. */
function appWithVisitor(visit: (link: string, app: Harness) => Promise<unknown>) {
  const cog = scriptedPost();
  const app = startApp(cog);
  const grounding = (call: Call) =>
    visit(String(call.input.image), app).then(() => ({ model: "m", version: "1", groundings: [] }));
  cog.on("grounding", grounding);
  return app;
}

describe("a post's picture", () => {
  test("is given to every visual stage by the same link", async () => {
    const links = new Set<string>();
    const app = startApp();
    await app.post({ text: TEXT, image: await picture() });
    for (const stage of VISUAL) for (const { image } of app.cog.asked(stage)) links.add(String(image));
    expect([...links]).toHaveLength(1);
    expect([...links][0]).toMatch(/^http:\/\/127\.0\.0\.1:8787\/v1\/pictures\/0{32}\?expires=\d+&signature=[\w-]+$/);
  });

  test("is served while the request runs, and not afterwards", async () => {
    let during: Response | null = null;
    let link = "";
    const app = appWithVisitor(async (address, { fetch }) => {
      link = address;
      during = await fetch(address);
    });
    await app.post({ text: TEXT, image: await picture() });
    const response = during as unknown as Response;
    expect([response.status, response.headers.get("content-type"), response.headers.get("cache-control")]).toEqual([
      200,
      "image/png",
      "private, no-store",
    ]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(await blackPng(80, 60));
    expect(await readProblem(await app.fetch(link))).toMatchObject({ status: 404, code: "not_found" });
    expect(await kept()).toEqual([]);
  });

  test("is not served when the link was changed or has expired", async () => {
    const answers: Response[] = [];
    const app = appWithVisitor(async (address, { fetch }) => {
      const link = new URL(address);
      for (const [name, value] of [
        ["signature", "AAAA"],
        ["expires", "9999999999"],
      ] as const) {
        const changed = new URL(link);
        changed.searchParams.set(name, value);
        answers.push(await fetch(changed.href));
      }
      answers.push(await fetch(link.href.replace("/pictures/0", "/pictures/1")), await fetch(link.pathname));
      answers.push(await startApp(scriptedPost(), { clock: () => NOON + 31_000 }).fetch(link.href));
    });
    await app.post({ text: TEXT, image: await picture() });
    const codes = await Promise.all(answers.map(async (response) => (await readProblem(response)).code));
    expect(codes).toEqual(["link_invalid", "link_invalid", "link_invalid", "link_invalid", "link_expired"]);
  });

  test.each([
    ["mner fails", "mner"],
    ["segmentation fails", "segmentation"],
  ])("is deleted when %s", async (_, stage) => {
    const cog = scriptedPost().on(stage, () => new Response("", { status: 500 }));
    await startApp(cog).post({ text: TEXT, image: await picture() });
    expect(await kept()).toEqual([]);
  });

  test("is deleted when the deadline ends the request", async () => {
    const app = startApp(scriptedPost().on("grounding", hang), { deadlineMs: 50 });
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(answer.partial).toBe(true);
    expect(await kept()).toEqual([]);
  });

  test("is sent as bytes when there is no PUBLIC_URL", async () => {
    const app = startApp(scriptedPost(), {}, { PUBLIC_URL: "" });
    await app.post({ text: TEXT, image: await picture() });
    for (const stage of VISUAL)
      expect(app.cog.asked(stage)[0]).toMatchObject({ image: await picture(), size: { width: 80, height: 60 } });
  });

  test("is sent as bytes when PUBLIC_URL is the loopback and the model is elsewhere", async () => {
    const app = startApp(
      scriptedPost(),
      {},
      { ENDPOINT_FAR: "https://models.example", GROUNDING: "cog:far/grounding" },
    );
    await app.post({ text: TEXT, image: await picture() });
    expect(app.cog.asked("grounding")).toMatchObject([{ image: await picture() }]);
    expect(String(app.cog.asked("entailment")[0]?.image)).toContain("/v1/pictures/");
  });

  test("is sent as bytes when R2 is down, which is logged and no problem of the answer", async () => {
    const down = () => Promise.reject(new Error("down"));
    const app = startApp(scriptedPost(), {}, { PICTURES: { put: down, delete: down } });
    const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(answer).toMatchObject({ partial: false, problems: [] });
    expect(app.cog.asked("grounding")).toMatchObject([{ image: await picture() }]);
    expect(app.lines.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["picture_not_kept", "picture_not_deleted"]),
    );
  });

  test("is sent as bytes to one model at a time when it is above 256 KB", async () => {
    let [running, most] = [0, 0];
    const cog = scriptedPost();
    const counted = (output: (call: Call) => unknown) => async (call: Call) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve));
      running--;
      return output(call);
    };
    const none = { model: "m", version: "1" };
    cog.on(
      "grounding",
      counted(() => ({ ...none, groundings: [] })),
    );
    cog.on(
      "entailment",
      counted(() => ({ ...none, judgements: [] })),
    );
    cog.on(
      "segmentation",
      counted(() => ({ ...none, masks: [] })),
    );
    const image = dataUrl(await noisyPng(640, 480));
    await startApp(cog, {}, { PUBLIC_URL: "" }).post({ text: TEXT, image });
    expect(most).toBe(1);
    most = 0;
    await startApp(cog, {}, { PUBLIC_URL: "" }).post({ text: TEXT, image: await picture() });
    expect(most).toBeGreaterThan(1);
  });
});
