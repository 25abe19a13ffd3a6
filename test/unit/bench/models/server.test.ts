import { afterAll, beforeAll, expect, test } from "vitest";
import { type ModelServer, startModels } from "../../../../bench/edge/models.ts";

let models: ModelServer;
beforeAll(async () => {
  models = await startModels();
});
afterAll(() => models.stop());

const predict = (model: string) =>
  fetch(`${models.url}/${model}/predictions`, {
    method: "POST",
    body: JSON.stringify({ input: { text: "Vera Rubin" } }),
  });

test("answers in a process of its own, after the model's time", async () => {
  await models.configure({ mner: { ms: 50 } });
  const started = performance.now();
  const response = await predict("mner");
  expect(performance.now() - started).toBeGreaterThanOrEqual(49);
  expect(await response.json()).toMatchObject({ output: { mentions: [{ text: "Vera Rubin" }] } });
});

test("knows no admissions and no other model", async () => {
  expect((await fetch(`${models.url}/admissions/p1`, { method: "PUT", body: "{}" })).status).toBe(404);
  expect((await predict("other")).status).toBe(404);
});

test("keeps the last chat request", async () => {
  const chat = JSON.stringify({ model: "mner", messages: [{ content: "Vera Rubin" }] });
  await fetch(`${models.url}/v1/chat/completions`, { method: "POST", body: chat });
  expect(await (await fetch(`${models.url}/last-chat`)).text()).toBe(chat);
});

test("notes when it answered", async () => {
  const before = performance.timeOrigin + performance.now();
  await fetch(`${models.url}/mner/predictions`, {
    method: "POST",
    body: JSON.stringify({ input: { text: "Vera Rubin at the fair 0000000042" } }),
  });
  const answers = await (await fetch(`${models.url}/answers`)).json();
  expect(answers).toEqual([{ model: "mner", number: 42, at: expect.any(Number) }]);
  expect(answers[0].at).toBeGreaterThanOrEqual(before - 5);
});
