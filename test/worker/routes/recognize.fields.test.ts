import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { cocoOfRle, polygonsOfRle } from "../../../schemas/polygon.ts";
import {
  boxMask,
  COLLINS,
  entity,
  picture,
  readAnswer,
  readProblem,
  scriptedPost,
  startApp,
  TEXT,
} from "../harness.ts";

const ran = { model: "scripted", version: "7" };
const tokens = TEXT.split(" ");

test("joins tokens by one space, and counts mentions in tokens and characters", async () => {
  const { post, cog } = startApp();
  const answer = await readAnswer(await post({ tokens }));
  expect(cog.asked("mner")).toMatchObject([{ tokens, labels: "gmner" }]);
  expect(entity(answer, "e1").mentions).toMatchObject([{ start: 0, end: 14, tokens: { start: 0, end: 2 } }]);
  expect(entity(answer, "e3").mentions).toMatchObject([{ tokens: { start: 5, end: 6 } }]);
});

test("gives the token in which a mention begins, and null without tokens", async () => {
  const mention = { text: "ane", start: 1, end: 4, type: "PER", score: 0.5 };
  const cog = scriptedPost().on("mner", () => ({ ...ran, mentions: [mention] }));
  const [found] = (await readAnswer(await startApp(cog).post({ tokens: ["Jane", "spoke"] }))).entities;
  expect(found?.mentions).toMatchObject([{ start: 1, end: 4, tokens: { start: 0, end: 1 } }]);
  const [plain] = (await readAnswer(await startApp(cog).post({ text: "Jane spoke" }))).entities;
  expect(plain?.mentions).toMatchObject([{ start: 1, end: 4, tokens: null }]);
});

test("counts the caller's mentions over the joined tokens", async () => {
  const { post, cog } = startApp();
  const answer = await readAnswer(await post({ tokens, entities: [{ start: 0, end: 14, type: "PER" }] }));
  expect(cog.asked("mner")).toEqual([]);
  expect(answer.entities[0]?.mentions).toMatchObject([{ start: 0, end: 14, tokens: { start: 0, end: 2 } }]);
});

test("passes fine types on to every stage and answers them with their coarse type", async () => {
  const { post, cog } = startApp();
  const body = {
    text: TEXT,
    image: await picture(),
    labels: "fine",
    entities: [{ start: 0, end: 14, type: "athlete" }],
  };
  const answer = await readAnswer(await post(body));
  expect(answer.entities).toMatchObject([{ type: "athlete", coarse_type: "person" }]);
  for (const stage of ["expansion", "entailment", "grounding"])
    expect(cog.asked(stage)).toMatchObject([{ entities: [{ type: "athlete" }] }]);
  expect(cog.asked("segmentation").at(-1)).toMatchObject({ boxes: [{ type: "athlete" }] });
});

test("accepts the caller's mentions with the caller's own labels", async () => {
  const body = { text: TEXT, labels: ["star ship"], entities: [{ start: 0, end: 6, type: "star ship" }] };
  expect((await readAnswer(await startApp().post(body))).entities).toMatchObject([
    { type: "star ship", coarse_type: null },
  ]);
});

test("drops a mention whose type is outside the labels", async () => {
  const mentions = [{ text: "Felix", start: 19, end: 24, type: "CAT", score: 1 }];
  const cog = scriptedPost().on("mner", () => ({ ...ran, mentions }));
  expect((await readAnswer(await startApp(cog).post({ text: TEXT }))).entities).toEqual([]);
});

test("keeps every entity with its candidates when thresholds.visible is 0", async () => {
  const answer = await readAnswer(
    await startApp().post({ text: TEXT, image: await picture(), task: "gmner", thresholds: { visible: 0 } }),
  );
  expect(answer.entities.map(({ visible, regions }) => [visible, regions.length])).toEqual([
    [true, 1],
    [null, 1],
    [null, 1],
  ]);
});

test("grounds after entailment, without its nos, in cheap mode", async () => {
  const order: string[] = [];
  const cog = scriptedPost();
  const { post } = startApp(cog);
  const image = await picture();
  await post({ text: TEXT, image, mode: "cheap", task: "gmner" });
  order.push(...cog.calls.map(({ stage }) => stage));
  expect(order.indexOf("grounding")).toBeGreaterThan(order.indexOf("entailment"));
  expect(cog.asked("grounding")).toMatchObject([{ entities: [{ id: "e1" }, { id: "e2" }] }]);
});

test("skips grounding in cheap mode when nothing is visible", async () => {
  const cog = scriptedPost().on("entailment", ({ input }) => ({
    ...ran,
    judgements: (input.entities as { id: string }[]).map(({ id }) => ({
      id,
      visible: false,
      score: 0.1,
      method: "no",
      calibrated: false,
    })),
  }));
  const answer = await readAnswer(await startApp(cog).post({ text: TEXT, image: await picture(), mode: "cheap" }));
  expect(cog.asked("grounding")).toEqual([]);
  expect(answer).toMatchObject({ partial: false, problems: [] });
});

test.each([
  ["polygon", polygonsOfRle],
  ["coco", cocoOfRle],
])("answers masks as %s on request", async (masks, formOf) => {
  const answer = await readAnswer(await startApp().post({ text: TEXT, image: await picture(), masks }));
  const [region] = entity(answer, "e1").regions;
  expect(region?.mask).toEqual(formOf(boxMask(COLLINS)));
  expect(region?.mask_url).toMatch(/^http:\/\/127\.0\.0\.1:8787\/v1\/masks\//);
});

test.each([
  ["an answer", {}, scriptedPost],
  ["an answer that is partial", {}, () => scriptedPost().on("segmentation", () => new Response("", { status: 500 }))],
  ["a failure", {}, () => scriptedPost().on("mner", () => new Response("", { status: 500 }))],
])("stores nothing of the post with store: false, after %s", async (_, fields, script) => {
  const cog = script();
  const response = await startApp(cog).post({ text: TEXT, image: await picture(), store: false, ...fields });
  if (response.ok) {
    const answer = await readAnswer(response);
    expect(answer.entities.flatMap(({ regions }) => regions.map(({ mask_url }) => mask_url)).filter(Boolean)).toEqual(
      [],
    );
  }
  expect((await env.EXPANSIONS.list()).keys).toEqual([]);
  expect((await env.MASKS.list()).objects).toEqual([]);
  expect((await env.PICTURES.list()).objects).toEqual([]);
});

test("does not read the cache with store: false", async () => {
  const app = startApp();
  await app.post({ text: TEXT });
  await app.post({ text: TEXT, store: false });
  expect(app.cog.asked("expansion")).toHaveLength(2);
});

test("passes the caption on to expansion and entailment, and answers the rest when it fails", async () => {
  const cog = scriptedPost().on("caption", () => ({ ...ran, caption: "Two people shake hands." }));
  const variables = { CAPTION: "cog:local/caption" };
  await startApp(cog, {}, variables).post({ text: TEXT, image: await picture() });
  for (const stage of ["expansion", "entailment"])
    expect(cog.asked(stage)).toMatchObject([{ caption: "Two people shake hands." }]);
  const down = scriptedPost().on("caption", () => new Response("", { status: 500 }));
  const answer = await readAnswer(
    await startApp(down, {}, variables).post({ text: TEXT, image: await picture(), task: "gmner", store: false }),
  );
  expect(answer).toMatchObject({ partial: true, problems: [{ code: "stage_failed", stage: "caption" }] });
  expect(entity(answer, "e1").visible).toBe(true);
});

test("reads every field from a form, with lists as JSON", async () => {
  const form = new FormData();
  form.set("tokens", JSON.stringify(tokens));
  form.set("labels", JSON.stringify(["PER", "OTHER"]));
  form.set("entities", JSON.stringify([{ start: 0, end: 14, type: "PER" }]));
  form.set("store", "false");
  form.set("mode", "cheap");
  const response = await startApp().fetch("/v1/recognize", { method: "POST", body: form });
  expect((await readAnswer(response)).entities).toMatchObject([{ text: "Eileen Collins" }]);
});

test.each([
  [
    "an unknown field, and suggests the near one",
    { text: "", thresholdz: {} },
    "/thresholdz",
    "did you mean thresholds?",
  ],
  [
    "an unknown field inside another",
    { text: "", thresholds: { visable: 0 } },
    "/thresholds/visable",
    "did you mean visible?",
  ],
  [
    "an unknown field of an entity",
    { text: "ab", entities: [{ start: 0, end: 1, type: "PER", lable: 1 }] },
    "/entities/0/lable",
    "is not a field",
  ],
  ["an unknown field without a near one", { text: "", zzzzzzzzzz: 1 }, "/zzzzzzzzzz", "is not a field of this request"],
  ["a field in camel case", { text: "", maxEntities: 3 }, "/maxEntities", "did you mean max_entities?"],
  ["a field called __proto__", JSON.parse('{"text": "", "__proto__": 1}'), "/__proto__", "is not a field"],
])("refuses %s", async (_, body, pointer, detail) => {
  const problem = await readProblem(await startApp().post(body));
  expect(problem).toMatchObject({
    status: 422,
    code: "invalid_request",
    errors: [{ pointer, detail: expect.stringContaining(detail) }],
  });
});
