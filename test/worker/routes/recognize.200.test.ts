import { expect, test } from "vitest";
import { blackPng, dataUrl } from "../../support/png.ts";
import { boxMask, COLLINS, entity, picture, readAnswer, SIZE, scriptedPost, startApp, TEXT } from "../harness.ts";

const ran = { model: "scripted", version: "7" };

test("answers names, types, visibility, boxes and masks for a post with a picture", async () => {
  const { post, cog } = startApp();
  const response = await post({ text: TEXT, image: await picture() });
  expect(response.status).toBe(200);
  expect(response.headers.get("vary")).toContain("Accept");
  const answer = await readAnswer(response);
  expect(answer).toMatchObject({
    id: response.headers.get("x-request-id"),
    partial: false,
    offset_encoding: "utf-16",
    problems: [],
  });
  expect(answer.id).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(answer.image).toMatchObject(SIZE);
  expect(entity(answer, "e1")).toMatchObject({
    text: "Eileen Collins",
    type: "PER",
    score: 0.98,
    mentions: [{ start: 0, end: 14, score: 0.98 }],
    expression: { text: "the one called Eileen Collins", method: "template" },
    visible: true,
    visibility: { score: 0.9, method: "scripted-yes", calibrated: false, reason: null },
    regions: [
      {
        id: "e1-r1",
        box: COLLINS,
        score: 0.8,
        method: "scripted-box",
        mask: boxMask(COLLINS),
        mask_score: 0.7,
        mask_reason: null,
      },
    ],
  });
  expect(answer.stages.map(({ stage, attempts }) => [stage, attempts])).toEqual([
    ["mner", 1],
    ["expansion", 1],
    ["entailment", 1],
    ["grounding", 1],
    ["segmentation", 1],
  ]);
  // One call prepares the picture, which is no attempt; one has the boxes.
  expect(cog.asked("segmentation")).toHaveLength(2);
  expect(cog.asked("picture")).toEqual([]);
});

test("drops the boxes of a no, and keeps those of an undecided entity with its reason", async () => {
  const { post, cog } = startApp();
  const answer = await readAnswer(await post({ text: TEXT, image: await picture() }));
  expect(entity(answer, "e3")).toMatchObject({ visible: false, visibility: { reason: null }, regions: [] });
  expect(entity(answer, "e2")).toMatchObject({
    visible: null,
    visibility: { reason: "undecided", score: null },
    regions: [{ id: "e2-r1", score: null }],
  });
  const [warm, boxes] = cog.asked("segmentation");
  expect(warm).toMatchObject({ warm: true, boxes: [] });
  expect(boxes).toMatchObject({
    warm: false,
    boxes: [
      { id: "e1-r1", type: "PER" },
      { id: "e2-r1", type: "OTHER" },
    ],
  });
});

test("keeps visible: true when grounding finds no box", async () => {
  const cog = scriptedPost().on("grounding", () => ({ ...ran, groundings: [] }));
  const answer = await readAnswer(await startApp(cog).post({ text: TEXT, image: await picture() }));
  expect(entity(answer, "e1")).toMatchObject({ visible: true, regions: [] });
  expect(answer.partial).toBe(false);
});

test("asks no visual stage when there is no picture, and says so with every null", async () => {
  const { post, cog } = startApp();
  const answer = await readAnswer(await post({ text: TEXT }));
  expect(answer.image).toBeNull();
  expect(answer.entities.map(({ visible, visibility }) => [visible, visibility.reason])).toEqual(
    Array(3).fill([null, "no_image"]),
  );
  expect(new Set(cog.calls.map(({ stage }) => stage))).toEqual(new Set(["mner", "expansion"]));
});

test("answers without entities and not partially when the text names nothing", async () => {
  const cog = scriptedPost().on("mner", () => ({ ...ran, mentions: [] }));
  const answer = await readAnswer(await startApp(cog).post({ text: "", image: await picture() }));
  expect(answer).toMatchObject({ entities: [], partial: false, problems: [] });
  expect(cog.asked("entailment")).toEqual([]);
});

test("stops at the mentions for task mner, and at the boxes for gmner", async () => {
  const mner = startApp();
  const named = await readAnswer(await mner.post({ text: TEXT, image: await picture(), task: "mner" }));
  expect(named.entities.map(({ visibility, expression }) => [visibility.reason, expression])).toEqual(
    Array(3).fill(["not_asked", null]),
  );
  expect(mner.cog.calls.map(({ stage }) => stage)).toEqual(["mner"]);

  const gmner = startApp();
  const boxed = await readAnswer(await gmner.post({ text: TEXT, image: await picture(), task: "gmner" }));
  expect(entity(boxed, "e1").regions).toMatchObject([
    { box: COLLINS, mask: null, mask_reason: "not_asked", mask_url: null },
  ]);
  expect(gmner.cog.asked("segmentation")).toEqual([]);
});

test("skips mner when the caller gives mentions, and reads and writes the caller's offset encoding", async () => {
  const text = "🚀 José at 東京";
  for (const [offset_encoding, jose, tokyo] of [
    ["utf-16", [3, 7], [11, 13]],
    ["utf-8", [5, 10], [14, 20]],
    ["code-point", [2, 6], [10, 12]],
  ] as const) {
    const { post, cog } = startApp();
    const entities = [
      { start: jose[0], end: jose[1], type: "PER" },
      { start: tokyo[0], end: tokyo[1], type: "LOC" },
    ];
    const answer = await readAnswer(await post({ text, entities, offset_encoding }));
    expect(cog.asked("mner")).toEqual([]);
    expect(answer.entities.map(({ text }) => text)).toEqual(["José", "東京"]);
    expect(answer.entities.map(({ mentions }) => [mentions[0]?.start, mentions[0]?.end])).toEqual([jose, tokyo]);
    expect(answer.entities.map(({ score }) => score)).toEqual([null, null]);
  }
});

test("makes one entity of a name that occurs twice", async () => {
  const text = "#Felix! felix?";
  const mention = (surface: string, start: number, score: number) => ({
    text: surface,
    start,
    end: start + surface.length,
    type: "OTHER",
    score,
  });
  const cog = scriptedPost().on("mner", () => ({
    ...ran,
    mentions: [mention("#Felix", 0, 0.5), mention("felix", 8, 0.7)],
  }));
  const answer = await readAnswer(await startApp(cog).post({ text }));
  expect(answer.entities).toMatchObject([
    {
      text: "Felix",
      score: 0.7,
      mentions: [
        { start: 1, end: 6 },
        { start: 8, end: 13 },
      ],
    },
  ]);
  expect(cog.asked("expansion")).toMatchObject([{ entities: [{ id: "e1", text: "Felix" }] }]);
});

test.each([
  [
    "HTML entities",
    "hi Johnson &amp; Johnson!",
    "hi Johnson & Johnson!",
    "Johnson & Johnson",
    ["Johnson &amp; Johnson"],
  ],
  ["invisible characters", "by Ei\u00adleen", "by Eileen", "Eileen", ["Ei\u00adleen"]],
  ["styled letters", "by 𝓔𝓲𝓵𝓮𝓮𝓷", "by Eileen", "Eileen", ["𝓔𝓲𝓵𝓮𝓮𝓷"]],
  ["two lines", "Boston\nChicago", "Boston\nChicago", "Boston\nChicago", ["Boston", "Chicago"]],
  ["a possessive", "Houston's sky", "Houston's sky", "Houston's", ["Houston"]],
])(
  "asks with the readable text, and answers with slices of the text as it came: %s",
  async (_, text, readable, name, slices) => {
    const start = readable.indexOf(name);
    const mention = { text: name, start, end: start + name.length, type: "OTHER", score: 0.9 };
    const cog = scriptedPost().on("mner", () => ({ ...ran, mentions: [mention] }));
    const { entities } = await readAnswer(await startApp(cog).post({ text }));
    expect(cog.asked("mner")).toMatchObject([{ text: readable }]);
    expect(
      entities.flatMap(({ mentions }) => mentions.map(({ start: from, end: to }) => text.slice(from, to))),
    ).toEqual(slices);
  },
);

test("takes the mark of the sentence from a token that is a name", async () => {
  const tokens = ["visit", "Paris!"];
  const mention = { text: "Paris!", start: 6, end: 12, type: "LOC", score: 0.9 };
  const cog = scriptedPost().on("mner", () => ({ ...ran, mentions: [mention] }));
  const { entities } = await readAnswer(await startApp(cog).post({ tokens }));
  expect(entities[0]?.mentions).toMatchObject([{ start: 6, end: 11, tokens: { start: 1, end: 2 } }]);
});

test("keeps the first max_entities of the text and says that there were more", async () => {
  const answer = await readAnswer(await startApp().post({ text: TEXT, max_entities: 2 }));
  expect(answer.entities.map(({ text }) => text)).toEqual(["Eileen Collins", "Felix"]);
  expect(answer).toMatchObject({
    partial: false,
    problems: [{ code: "entities_truncated", errors: [{ limit: 2, value: 3 }] }],
  });
});

test.each([
  ["a mention's score", { mention: 0.7 }, ["Eileen Collins", "Houston"], [true, false], 1],
  ["a score of visibility", { visible: 0.95 }, ["Eileen Collins", "Felix", "Houston"], [null, null, false], 2],
  ["nothing when visible is 0", { visible: 0 }, ["Eileen Collins", "Felix", "Houston"], [true, null, null], 3],
  ["a region's score, if it has one", { region: 0.9 }, ["Eileen Collins", "Felix", "Houston"], [true, null, false], 1],
])("applies thresholds to %s", async (_, thresholds, texts, visible, regions) => {
  const answer = await readAnswer(
    await startApp().post({ text: TEXT, image: await picture(), task: "gmner", thresholds }),
  );
  expect(answer.entities.map(({ text }) => text)).toEqual(texts);
  expect(answer.entities.map((one) => one.visible)).toEqual(visible);
  expect(answer.entities.flatMap((one) => one.regions)).toHaveLength(regions);
});

test("turns a picture that lies on its side, and answers in the upright picture's pixels", async () => {
  // Stored as 4000 × 3000, upright 3000 × 4000. The picture stage returns 60 × 80.
  const small = { width: 60, height: 80 };
  const box = { xmin: 10, ymin: 10, xmax: 40, ymax: 50 };
  const cog = scriptedPost()
    .on("picture", () => ({
      ...ran,
      image: "data:image/jpeg;base64,AAAA",
      ...small,
      original: { width: 3000, height: 4000 },
    }))
    .on("grounding", () => ({
      ...ran,
      groundings: [{ id: "e1", regions: [{ box, score: 0.8, method: "scripted-box" }] }],
    }))
    .on("segmentation", ({ input }) => ({
      ...ran,
      masks: (input.boxes as { id: string }[]).map(({ id }) => ({
        id,
        mask: boxMask(box, small),
        score: null,
        method: "scripted-mask",
      })),
    }));
  const image = dataUrl(await blackPng(4000, 3000, 6));
  const answer = await readAnswer(await startApp(cog).post({ text: TEXT, image }));
  expect(cog.asked("picture")).toHaveLength(1);
  expect(cog.asked("grounding")).toMatchObject([{ image: expect.stringContaining("/v1/pictures/"), size: small }]);
  expect(answer.image).toMatchObject({ width: 3000, height: 4000 });
  const [region] = entity(answer, "e1").regions;
  expect(region?.box).toEqual({ xmin: 500, ymin: 500, xmax: 2000, ymax: 2500 });
  expect(region?.mask).toEqual(
    boxMask({ xmin: 500, ymin: 500, xmax: 2000, ymax: 2500 }, { width: 3000, height: 4000 }),
  );
});

test("cuts a box to the picture, and drops one outside it", async () => {
  const regions = [
    { box: { xmin: -20, ymin: 30, xmax: 30, ymax: 90 }, score: null, method: "scripted-box" },
    { box: { xmin: 90, ymin: 0, xmax: 99, ymax: 10 }, score: null, method: "scripted-box" },
    { box: { xmin: 20, ymin: 20, xmax: 20, ymax: 30 }, score: null, method: "scripted-box" },
  ];
  const cog = scriptedPost().on("grounding", () => ({ ...ran, groundings: [{ id: "e1", regions }] }));
  const answer = await readAnswer(await startApp(cog).post({ text: TEXT, image: await picture(), task: "gmner" }));
  expect(entity(answer, "e1").regions.map(({ box }) => box)).toEqual([{ xmin: 0, ymin: 30, xmax: 30, ymax: 60 }]);
});

test("keeps the box when its mask does not fit it", async () => {
  const whole = boxMask({ xmin: 0, ymin: 0, xmax: 80, ymax: 60 });
  const cog = scriptedPost().on("segmentation", ({ input }) => ({
    ...ran,
    masks: (input.boxes as { id: string }[]).map(({ id }) => ({
      id,
      mask: id === "e1-r1" ? whole : null,
      score: null,
      method: null,
    })),
  }));
  const answer = await readAnswer(await startApp(cog).post({ text: TEXT, image: await picture() }));
  expect(entity(answer, "e1").regions).toMatchObject([
    { box: COLLINS, mask: null, mask_reason: "outside_box", mask_url: null },
  ]);
  expect(entity(answer, "e2").regions).toMatchObject([{ mask: null, mask_reason: "no_mask" }]);
  expect(answer).toMatchObject({ partial: false, problems: [{ code: "mask_refused", stage: "segmentation" }] });
});

test("lists a model's own limitations among the problems", async () => {
  const problems = [
    { code: "script_not_covered", detail: "The text is in Han." },
    { code: "never heard of", detail: "?" },
  ];
  const cog = scriptedPost().on("mner", () => ({ ...ran, mentions: [], problems }));
  const answer = await readAnswer(await startApp(cog).post({ text: "東京" }));
  expect(answer).toMatchObject({ partial: false, problems: [{ code: "script_not_covered", stage: "mner" }] });
});

test("asks the next model of a chain when the first fails", async () => {
  const cog = scriptedPost().on("broken", () => new Response("", { status: 503 }));
  const { post } = startApp(cog, {}, { MNER: "cog:local/broken, cog:local/mner" });
  const answer = await readAnswer(await post({ text: TEXT }));
  expect(answer).toMatchObject({ partial: false, problems: [] });
  expect(answer.stages.filter(({ stage }) => stage === "mner")).toMatchObject([
    { model: "cog:local/broken", version: null, attempts: 3 },
    { model: "scripted", version: "7", attempts: 1 },
  ]);
  expect(cog.asked("broken")).toHaveLength(3);
});

test("records every model that answered for a part of the entities", async () => {
  const only = ({ input }: { input: Record<string, unknown> }) => {
    return /felix/i.test(String(input.text1)) ? { answer: "yes" } : new Response("", { status: 401 });
  };
  const { post } = startApp(
    scriptedPost().on("ofa-ve", only),
    {},
    { ENTAILMENT: "cog:local/ofa-ve, cog:local/entailment" },
  );
  const answer = await readAnswer(await post({ text: TEXT, image: await picture() }));
  expect(answer.stages.filter(({ stage }) => stage === "entailment")).toMatchObject([
    { model: "ofa-ve", attempts: 3 },
    { model: "scripted", attempts: 1 },
  ]);
  expect(answer.entities.map(({ visibility }) => visibility.method)).toEqual(["scripted-yes", "ofa-ve", "scripted-no"]);
});

test("logs nothing of the post", async () => {
  const { post, lines } = startApp();
  await post({ text: TEXT, image: await picture() });
  expect(lines.map(({ event }) => event)).toEqual(["request"]);
  expect(JSON.stringify(lines)).not.toMatch(/Collins|Houston|base64/);
});

test.each([
  ["half of a surrogate pair", "🚀 up", { text: "\ud83d", start: 0, end: 1 }],
  ["not in the text", TEXT, { text: "Buzz Aldrin", start: 0, end: 11 }],
  ["empty", TEXT, { text: "", start: 0, end: 0 }],
])("drops a mention that is %s", async (_, text, mention) => {
  const cog = scriptedPost().on("mner", () => ({
    model: "scripted",
    version: "7",
    mentions: [{ ...mention, type: "PER", score: 0.9 }],
  }));
  expect(await readAnswer(await startApp(cog).post({ text, offset_encoding: "code-point" }))).toMatchObject({
    entities: [],
    partial: false,
  });
});
