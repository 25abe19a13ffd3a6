import { expect, test } from "vitest";
import { HealthAnswer } from "../../../schemas/health.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { type Harness, NOON, picture, scriptedPost, startApp, TEXT } from "../harness.ts";

const health = async (app: Harness) => HealthAnswer.parse(await (await app.fetch("/health")).json());

test("lists each stage's models without calling one", async () => {
  const app = startApp();
  const answer = await health(app);
  expect(answer).toMatchObject({ status: "ok", fault: null });
  expect(answer.stages).toContainEqual({ stage: "mner", models: ["cog:local/mner"], last_outcomes: [] });
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
