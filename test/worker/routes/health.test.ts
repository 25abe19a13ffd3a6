import { expect, test } from "vitest";
import { HealthAnswer } from "../../../schemas/health.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { type Harness, NOON, picture, scriptedPost, startApp, TEXT } from "../harness.ts";

const health = async (app: Harness) => HealthAnswer.parse(await (await app.fetch("/health")).json());

test("lists each stage's models without calling one", async () => {
  const app = startApp();
  const answer = await health(app);
  expect(answer).toMatchObject({ status: "ok", fault: null });
  expect(answer.stages).toContainEqual({
    stage: "mner",
    models: ["cog:local/mner"],
    waiting: { calls: 0, longest_ms: null },
    breakers: [{ model: "cog:local/mner", state: "closed", failures: 0, retry_at: null }],
    last_outcomes: [],
  });
  expect(app.cog.calls).toEqual([]);
});

test("lists the last outcomes of each stage, and is degraded when the newest one failed", async () => {
  const cog = scriptedPost();
  const app = startApp(cog);
  await app.post({ text: TEXT, image: await picture() });
  expect((await health(app)).status).toBe("ok");
  cog.on("grounding", FAULTS.unavailable);
  await app.post({ text: TEXT, image: await picture() });
  const answer = await health(app);
  expect(answer.status).toBe("degraded");
  const outcomes = answer.stages.find(({ stage }) => stage === "grounding")?.last_outcomes;
  expect(outcomes?.map(({ ok, code }) => [ok, code])).toEqual([
    ...Array.from({ length: 3 }, () => [false, "not_ready"]),
    [true, null],
  ]);
  expect(outcomes?.[0]?.at).toBe(new Date(NOON).toISOString());
});

test("is degraded while a model hangs, before any call has ended", async () => {
  let now = NOON;
  let asked = () => {};
  const called = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let answer = (_: object) => {};
  const cog = scriptedPost().on("mner", () => {
    asked();
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const app = startApp(cog, { clock: () => now });
  const post = app.post({ text: TEXT });
  await called;
  const mner = async () => {
    const { status, stages } = await health(app);
    return { status, ...stages.find(({ stage }) => stage === "mner")?.waiting };
  };
  expect(await mner()).toEqual({ status: "ok", calls: 1, longest_ms: 0 });
  now += 6_000;
  expect(await mner()).toEqual({ status: "degraded", calls: 1, longest_ms: 6_000 });
  answer({ model: "scripted", version: "7", mentions: [] });
  await post;
  expect(await mner()).toEqual({ status: "ok", calls: 0, longest_ms: null });
});

/** How hosts answer to a picture that they cannot read, in their own words or in none. */
const BROKEN_PICTURE = {
  "our own functions": () => Response.json({ id: "p", status: "failed", error: "invalid_picture: premature end" }),
  "a container with Pillow": () => Response.json({ id: "p", status: "failed", error: "cannot identify image file" }),
  "a host that answers 422": FAULTS.rejected,
  "a host that answers 500": () => new Response("OSError: image file is truncated", { status: 500 }),
};

test.each(Object.entries(BROKEN_PICTURE))("stays ok after many broken pictures at %s", async (_, fault) => {
  const cog = scriptedPost().on("entailment", fault).on("grounding", fault);
  const app = startApp(cog);
  const image = await picture();
  for (let post = 0; post < 12; post++) expect((await app.post({ text: TEXT, image })).status).toBe(200);
  expect(await health(app)).toMatchObject({ status: "ok" });
});

test("broken pictures do not hide that a model is down", async () => {
  const cog = scriptedPost().on("grounding", FAULTS.unavailable);
  const app = startApp(cog);
  const image = await picture();
  await app.post({ text: TEXT, image });
  cog.on("grounding", BROKEN_PICTURE["our own functions"]);
  for (let post = 0; post < 12; post++) await app.post({ text: TEXT, image });
  expect((await health(app)).status).toBe("degraded");
});

test.each(["rejected", "notFound", "unauthorized", "failed"] as const)(
  "is degraded when a stage without a picture answers %s",
  async (fault) => {
    const app = startApp(scriptedPost().on("expansion", FAULTS[fault]));
    await app.post({ text: TEXT, image: await picture() });
    expect((await health(app)).status).toBe("degraded");
  },
);

test.each(["notFound", "unauthorized", "failed", "unreachable"] as const)(
  "is degraded when a stage with a picture answers %s",
  async (fault) => {
    const app = startApp(scriptedPost().on("grounding", FAULTS[fault]));
    await app.post({ text: TEXT, image: await picture() });
    expect((await health(app)).status).toBe("degraded");
  },
);

test("states the configuration's fault as the misconfigured problem does", async () => {
  const app = startApp(scriptedPost(), {}, { GROUNDING: "nobody/nothing" });
  const answer = await health(app);
  expect(answer).toMatchObject({
    status: "degraded",
    fault: expect.stringMatching(/^GROUNDING "nobody\/nothing": no grounding model/),
  });
  expect(await (await app.post({ text: TEXT })).json()).toMatchObject({ code: "misconfigured", detail: answer.fault });
});

test("GET / says what this is", async () => {
  expect(await (await startApp().fetch("/")).json()).toMatchObject({ name: "Namesight" });
});
