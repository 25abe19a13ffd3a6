import { expect, test } from "vitest";
import { HealthAnswer } from "../../../schemas/health.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { COLLINS, NOON, picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const MODEL_PRICES = JSON.stringify({
  "cog:local/expansion": { usd_per_call: 0.001 },
  "cog:local/segmentation": { usd_per_call: 0.005 },
});

test("tells the cost of each stage; embedded models and what the cache has cost nothing", async () => {
  const app = startApp(scriptedPost(), {}, { MODEL_PRICES });
  const costs = async () => {
    const { stages } = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    return Object.fromEntries(stages.map(({ stage, cost_usd }) => [stage, cost_usd]));
  };
  const first = { mner: "0", expansion: "0.001", entailment: "0", grounding: "0", segmentation: "0.01" };
  // Segmentation was called twice: once to prepare the picture.
  expect(await costs()).toEqual(first);
  expect(await costs()).toEqual({ ...first, expansion: "0" });
});

test("asks no stage that max_cost_usd does not allow, says so, and answers with the rest", async () => {
  const app = startApp(scriptedPost(), {}, { MODEL_PRICES });
  const answer = await readAnswer(await app.post({ text: TEXT, image: await picture(), max_cost_usd: "0.004" }));
  expect(answer).toMatchObject({
    partial: true,
    problems: [
      {
        code: "over_budget",
        stage: "segmentation",
        detail:
          "cog:local/segmentation was not asked: a call may cost USD 0.005, and USD 0.003 of max_cost_usd are left.",
        errors: [{ pointer: "/max_cost_usd", limit: ["0.005"], value: "0.004" }],
      },
    ],
  });
  expect(answer.entities[0]).toMatchObject({
    visible: true,
    regions: [{ box: COLLINS, mask: null, mask_reason: "over_budget" }],
  });
  expect(app.cog.asked("segmentation")).toEqual([]);
  expect(answer.stages.map(({ stage }) => stage)).toEqual(["mner", "expansion", "entailment", "grounding"]);
});

test.each([
  ["/v1/expand", { text: TEXT, entities: [{ text: "Felix", type: "OTHER" }] }],
  ["/v1/segment", { image: await picture(), boxes: [{ box: COLLINS }] }],
])("%s answers 422 when nothing may be asked", async (path, body) => {
  const app = startApp(scriptedPost(), {}, { MODEL_PRICES });
  const problem = await readProblem(await app.post({ ...body, max_cost_usd: "0.0005" }, {}, path));
  expect(problem).toMatchObject({ status: 422, code: "over_budget", errors: [{ pointer: "/max_cost_usd" }] });
  expect(app.cog.calls).toEqual([]);
});

test("a request with max_cost_usd 0 is answered by models that cost nothing", async () => {
  const answer = await readAnswer(await startApp().post({ text: TEXT, image: await picture(), max_cost_usd: "0" }));
  expect(answer).toMatchObject({ partial: false, problems: [] });
});

test("an entity whose stage is over budget is neither visible nor invisible", async () => {
  const prices = JSON.stringify({ "cog:local/entailment": { usd_per_call: 1 } });
  const app = startApp(scriptedPost(), {}, { MODEL_PRICES: prices });
  const answer = await readAnswer(await app.post({ text: TEXT, image: await picture(), max_cost_usd: "0.1" }));
  expect(answer.entities[0]).toMatchObject({ visible: null, visibility: { reason: "over_budget" } });
});

test("a model that goes on failing is skipped, /health says so, and it is asked again a second later", async () => {
  let now = NOON;
  const cog = scriptedPost().on("grounding", FAULTS.gateway);
  const app = startApp(cog, { clock: () => now });
  const post = async () => readAnswer(await app.post({ text: TEXT, image: await picture() }));
  const breaker = async () => {
    const health = HealthAnswer.parse(await (await app.fetch("/health")).json());
    return { status: health.status, ...health.stages.find(({ stage }) => stage === "grounding")?.breakers[0] };
  };
  for (let time = 0; time < 5; time++) await post();
  const asked = cog.asked("grounding").length;
  expect((await post()).problems).toMatchObject([
    {
      code: "stage_failed",
      stage: "grounding",
      detail: "cog:local/grounding was skipped: its last 5 calls failed; it is tried again in 1 s.",
    },
  ]);
  expect(cog.asked("grounding")).toHaveLength(asked);
  expect(await breaker()).toMatchObject({
    status: "degraded",
    state: "open",
    failures: 5,
    retry_at: new Date(NOON + 1_000).toISOString(),
  });
  now += 1_000;
  cog.on("grounding", ({ input }) => ({
    model: "scripted",
    version: "7",
    groundings: (input.entities as { id: string }[]).map(({ id }) => ({ id, regions: [] })),
  }));
  expect((await post()).problems).toEqual([]);
  expect(await breaker()).toMatchObject({ status: "ok", state: "closed", failures: 0, retry_at: null });
});

test("a host that is full, a picture that it cannot read and a request that is short of time open no breaker", async () => {
  for (const fault of [FAULTS.busy, FAULTS.rejected]) {
    const cog = scriptedPost().on("grounding", fault);
    const app = startApp(cog);
    for (let time = 0; time < 6; time++) await app.post({ text: TEXT, image: await picture() });
    const health = HealthAnswer.parse(await (await app.fetch("/health")).json());
    expect(health.stages.find(({ stage }) => stage === "grounding")?.breakers).toMatchObject([{ state: "closed" }]);
  }
});
