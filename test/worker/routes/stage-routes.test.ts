import { describe, expect, test } from "vitest";
import { rleOf } from "../../../schemas/polygon.ts";
import { compressCounts } from "../../../schemas/rle.ts";
import { EntailAnswer, ExpandAnswer, GroundAnswer, MnerAnswer, SegmentAnswer } from "../../../schemas/stage-routes.ts";
import { BY_MODEL } from "../../support/by-model.ts";
import { dataUrl } from "../../support/png.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { boxMask, COLLINS, picture, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const ran = { model: "scripted", version: "7" };

async function ask(path: string, body: unknown, cog = scriptedPost()) {
  const app = startApp(cog);
  const response = await app.post(body, {}, path);
  return { response, cog, json: async () => response.json() };
}

describe("/v1/mner", () => {
  test("answers the mentions and asks no other stage", async () => {
    const { json, cog } = await ask("/v1/mner", { text: TEXT });
    const answer = MnerAnswer.parse(await json());
    expect(answer.mentions.map(({ text, type, start }) => [text, type, start])).toEqual([
      ["Eileen Collins", "PER", 0],
      ["Felix", "OTHER", 19],
      ["Houston", "LOC", 28],
    ]);
    expect(answer.stages).toMatchObject([{ stage: "mner", model: "scripted" }]);
    expect(new Set(cog.calls.map(({ stage }) => stage))).toEqual(new Set(["mner"]));
  });

  test("uses the caller's offset encoding and tokens, and applies the threshold", async () => {
    const { json } = await ask("/v1/mner", {
      tokens: TEXT.split(" "),
      offset_encoding: "utf-8",
      thresholds: { mention: 0.7 },
    });
    const { mentions, offset_encoding } = MnerAnswer.parse(await json());
    expect(offset_encoding).toBe("utf-8");
    expect(mentions.map(({ tokens }) => tokens)).toEqual([
      { start: 0, end: 2 },
      { start: 5, end: 6 },
    ]);
  });

  test("counts tokens when the caller does, and refuses to without tokens", async () => {
    const offset_encoding = "token";
    const { json } = await ask("/v1/mner", { tokens: TEXT.split(" "), offset_encoding, thresholds: { mention: 0.7 } });
    const answer = MnerAnswer.parse(await json());
    expect(answer.offset_encoding).toBe("token");
    expect(answer.mentions).toMatchObject([
      { text: "Eileen Collins", start: 0, end: 2, tokens: { start: 0, end: 2 } },
      { text: "Houston", start: 5, end: 6, tokens: { start: 5, end: 6 } },
    ]);
    const refused = await startApp().post({ text: TEXT, offset_encoding }, {}, "/v1/mner");
    expect(await readProblem(refused)).toMatchObject({ status: 422, errors: [{ pointer: "/offset_encoding" }] });
  });

  test("sends no picture to a model that reads text alone", async () => {
    const { cog } = await ask("/v1/mner", { text: TEXT, image: await picture() });
    expect(cog.asked("mner")).toEqual([{ text: TEXT, labels: "gmner" }]);
  });
});

describe("/v1/expand", () => {
  const entities = [
    { id: "mine", text: "Eileen Collins", type: "PER" },
    { text: "Houston", type: "LOC" },
  ];

  test("answers one expression per entity, from the cache the second time", async () => {
    const app = startApp();
    const first = ExpandAnswer.parse(await (await app.post({ text: TEXT, entities }, {}, "/v1/expand")).json());
    expect(first.expressions).toEqual([
      { id: "mine", text: "the one called Eileen Collins", method: "template" },
      { id: "e2", text: "the one called Houston", method: "template" },
    ]);
    const second = ExpandAnswer.parse(await (await app.post({ text: TEXT, entities }, {}, "/v1/expand")).json());
    expect(second.stages).toMatchObject([{ stage: "expansion", cached: true, attempts: 0 }]);
    expect(app.cog.asked("expansion")).toHaveLength(1);
  });

  test("passes the caption on, and answers null when the model gives nothing", async () => {
    const cog = scriptedPost().on("expansion", () => ({
      ...ran,
      expressions: [{ id: "e2", text: "a city", method: "llm" }],
    }));
    const { json } = await ask("/v1/expand", { text: TEXT, caption: "Two people.", entities }, cog);
    expect(ExpandAnswer.parse(await json()).expressions).toEqual([
      { id: "mine", text: null, method: null },
      { id: "e2", text: "a city", method: "llm" },
    ]);
    expect(cog.asked("expansion")).toMatchObject([{ caption: "Two people." }]);
  });
});

describe("/v1/entail", () => {
  test("judges names and expressions", async () => {
    const entities = [{ text: "Eileen Collins", type: "PER" }, { text: "Felix" }, { text: "Houston", type: "LOC" }];
    const { json, cog } = await ask("/v1/entail", { image: await picture(), caption: "Two people.", entities });
    const { judgements, image } = EntailAnswer.parse(await json());
    expect(image).toMatchObject({ width: 80, height: 60 });
    expect(judgements.map(({ id, visible, visibility }) => [id, visible, visibility.reason])).toEqual([
      ["e1", true, null],
      ["e2", null, "undecided"],
      ["e3", false, null],
    ]);
    expect(cog.asked("entailment")).toMatchObject([
      { caption: "Two people.", entities: [{ id: "e1" }, { id: "e2", text: "Felix" }, { id: "e3" }] },
    ]);
  });

  test("applies the caller's threshold", async () => {
    const body = { image: await picture(), entities: [{ text: "Houston" }], thresholds: { visible: 0.1 } };
    const { json } = await ask("/v1/entail", body);
    expect(EntailAnswer.parse(await json()).judgements).toMatchObject([{ visible: true, visibility: { score: 0.1 } }]);
  });
});

describe("/v1/ground", () => {
  test("accepts expressions without a text, and answers every candidate", async () => {
    const box = { xmin: -5, ymin: 10, xmax: 30, ymax: 99 };
    const cog = scriptedPost().on("grounding", () => ({
      ...ran,
      groundings: [
        {
          id: "suit",
          regions: [
            { box, score: 0.4, method: "scripted-box" },
            { box: COLLINS, score: null, method: "scripted-box" },
          ],
        },
      ],
    }));
    const body = {
      image: await picture(),
      entities: [{ id: "suit", expression: "a woman in a space suit" }, { expression: "a dog" }],
    };
    const { json } = await ask("/v1/ground", body, cog);
    expect(GroundAnswer.parse(await json()).groundings).toEqual([
      {
        id: "suit",
        regions: [
          {
            id: "suit-r1",
            box: { xmin: 0, ymin: 10, xmax: 30, ymax: 60 },
            score: 0.4,
            method: "scripted-box",
            ...BY_MODEL,
          },
          { id: "suit-r2", box: COLLINS, score: null, method: "scripted-box", ...BY_MODEL },
        ],
      },
      { id: "e2", regions: [] },
    ]);
    expect(cog.asked("grounding")).toMatchObject([
      { entities: [{ id: "suit", expression: "a woman in a space suit" }, { id: "e2" }] },
    ]);
  });

  test("passes the post's text on, and gives the model's link and evidence", async () => {
    const link = { basis: "stated_position", score: 0.8, alternatives: [] } as const;
    const regions = [{ box: COLLINS, score: 0.9, method: "scripted-box", evidence: "object", link }];
    const cog = scriptedPost().on("grounding", () => ({ ...ran, groundings: [{ id: "e1", regions }] }));
    const text = "Eileen Collins (left)";
    const body = { image: await picture(), text, entities: [{ text: "Eileen Collins" }] };
    const { json } = await ask("/v1/ground", body, cog);
    expect(GroundAnswer.parse(await json()).groundings[0]?.regions).toMatchObject([{ evidence: "object", link }]);
    expect(cog.asked("grounding")).toMatchObject([{ text }]);
  });

  test("drops boxes below the threshold", async () => {
    const body = { image: await picture(), entities: [{ text: "Houston" }], thresholds: { region: 0.3 } };
    const { json } = await ask("/v1/ground", body);
    expect(GroundAnswer.parse(await json()).groundings).toEqual([{ id: "e1", regions: [] }]);
  });
});

describe("/v1/segment", () => {
  test("answers a mask per box, in the caller's order, with boxes cut to the picture", async () => {
    const out = { xmin: 60, ymin: 40, xmax: 200, ymax: 100 };
    const { json } = await ask("/v1/segment", {
      image: await picture(),
      boxes: [
        { box: COLLINS, type: "PER" },
        { id: "mine", box: out },
      ],
    });
    const { masks } = SegmentAnswer.parse(await json());
    expect(masks.map(({ id, box }) => [id, box])).toEqual([
      ["r1", COLLINS],
      ["mine", { xmin: 60, ymin: 40, xmax: 80, ymax: 60 }],
    ]);
    expect(masks[0]).toMatchObject({ mask: boxMask(COLLINS), mask_method: "scripted-mask", mask_reason: null });
    expect(masks[0]?.mask_url).toContain("/v1/masks/public/");
  });

  test("gives a mask to the last pixel one string and one link, however a model writes it", async () => {
    const box = { xmin: 0, ymin: 0, xmax: 80, ymax: 60 };
    const answers = [];
    for (const counts of [
      [0, 4800],
      [0, 4800, 0],
      [0, 60, 0, 4740, 0, 0],
    ]) {
      const mask = { size: [60, 80], counts: compressCounts(counts) };
      const masks = [{ id: "r1", mask, score: 0.7, method: "m" }];
      const cog = scriptedPost().on("segmentation", () => ({ ...ran, masks }));
      const { json } = await ask("/v1/segment", { image: await picture(), boxes: [{ box }] }, cog);
      answers.push(SegmentAnswer.parse(await json()).masks[0]);
    }
    expect(answers.map((answer) => answer?.mask)).toEqual(answers.map(() => boxMask(box)));
    expect(new Set(answers.map((answer) => answer?.mask_url?.split("?")[0])).size).toBe(1);
    expect(answers[0]?.mask_url).toMatch(/[0-9a-f]{64}\.png/);
  });

  test.each([
    ["polygon", "polygons"],
    ["coco", "segmentation"],
  ])("answers masks as %s on request", async (masks, field) => {
    const { json } = await ask("/v1/segment", { image: await picture(), boxes: [{ box: COLLINS }], masks });
    const [mask] = SegmentAnswer.parse(await json()).masks;
    expect(mask?.mask && field in mask.mask && rleOf(mask.mask)).toEqual(boxMask(COLLINS));
  });

  test("divides more boxes than a model takes into several calls", async () => {
    const boxes = Array.from({ length: 60 }, () => ({ box: COLLINS }));
    const { json, cog } = await ask("/v1/segment", { image: await picture(), boxes, store: false });
    expect(SegmentAnswer.parse(await json()).masks.filter(({ mask }) => mask !== null)).toHaveLength(60);
    expect(cog.asked("segmentation").map(({ boxes }) => (boxes as unknown[]).length)).toEqual([25, 25, 10]);
  });

  test("reads a box from four numbers as from an object", async () => {
    const { xmin, ymin, xmax, ymax } = COLLINS;
    const body = { image: await picture(), boxes: [{ box: [xmin, ymin, xmax, ymax] }] };
    const { json, cog } = await ask("/v1/segment", body);
    expect(SegmentAnswer.parse(await json()).masks).toMatchObject([{ box: COLLINS }]);
    expect(cog.asked("segmentation")).toMatchObject([{ boxes: [{ box: COLLINS }] }]);
  });

  test("answers null with a reason when a mask does not fit its box", async () => {
    const cog = scriptedPost().on("segmentation", () => ({
      ...ran,
      masks: [{ id: "r1", mask: boxMask({ xmin: 0, ymin: 0, xmax: 80, ymax: 60 }), score: 1, method: "m" }],
    }));
    const { json } = await ask("/v1/segment", { image: await picture(), boxes: [{ box: COLLINS }] }, cog);
    expect(SegmentAnswer.parse(await json())).toMatchObject({
      masks: [{ mask: null, mask_reason: "outside_box" }],
      problems: [{ code: "mask_refused" }],
      partial: false,
    });
  });

  test.each([
    ["outside the picture", { xmin: 90, ymin: 0, xmax: 99, ymax: 10 }, "/boxes/0/box", { limit: [80, 60] }],
    ["before the picture", { xmin: -9, ymin: -9, xmax: -1, ymax: -1 }, "/boxes/0/box", { limit: [80, 60] }],
    [
      "whose xmax is below its xmin",
      { xmin: 30, ymin: 0, xmax: 10, ymax: 10 },
      "/boxes/0/box",
      { detail: "must have an xmax that is greater than its xmin", limit: 30 },
    ],
    ["empty", { xmin: 3, ymin: 5, xmax: 10, ymax: 5 }, "/boxes/0/box", { limit: 5 }],
    ["in fractions", [0.1, 0.2, 0.5, 0.9], "/boxes/0/box", { detail: expect.stringContaining("send pixels") }],
    ["without a side", { xmin: 3, ymin: 5, xmax: 10 }, "/boxes/0/box/ymax", { detail: "is required" }],
    ["of strings", { xmin: "3", ymin: 5, xmax: 10, ymax: 9 }, "/boxes/0/box/xmin", { value: "3" }],
    ["of null", { xmin: null, ymin: 5, xmax: 10, ymax: 9 }, "/boxes/0/box/xmin", { value: null }],
    ["with a huge coordinate", { xmin: 0, ymin: 5, xmax: 1e300, ymax: 9 }, "/boxes/0/box/xmax", { limit: 1_000_000 }],
  ])("refuses a box %s by name", async (_, box, pointer, fields) => {
    const { response } = await ask("/v1/segment", { image: await picture(), boxes: [{ box }] });
    expect((await readProblem(response)).errors).toMatchObject([{ pointer, ...fields }]);
  });
});

const entities = [{ text: "Eileen Collins", type: "PER" }];
const BODIES = async (): Promise<Array<[path: string, stage: string, body: Record<string, unknown>]>> => {
  const image = await picture();
  return [
    ["/v1/mner", "mner", { text: TEXT }],
    ["/v1/expand", "expansion", { text: TEXT, entities }],
    ["/v1/entail", "entailment", { image, entities }],
    ["/v1/ground", "grounding", { image, entities }],
    ["/v1/segment", "segmentation", { image, boxes: [{ box: COLLINS }] }],
  ];
};

describe("every stage route", () => {
  test.each(Object.keys(FAULTS) as Array<keyof typeof FAULTS>)(
    "answers 502 when its model is down, 503 when it is busy: %s",
    async (fault) => {
      const expected = fault === "busy" ? { status: 503, code: "overloaded" } : { status: 502, code: "stage_failed" };
      for (const [path, stage, body] of await BODIES()) {
        const { response } = await ask(path, body, scriptedPost().on(stage, FAULTS[fault]));
        expect(await readProblem(response)).toMatchObject({ ...expected, stage });
      }
    },
  );

  test("accepts a form", async () => {
    for (const [path, , { image, ...fields }] of await BODIES()) {
      const form = new FormData();
      form.set("request", JSON.stringify(fields));
      if (image)
        form.set(
          "image",
          new Blob([Uint8Array.from(atob(String(image).split(",")[1] ?? ""), (c) => c.charCodeAt(0))]),
          "a.png",
        );
      const response = await startApp().fetch(path, { method: "POST", body: form });
      expect([path, response.status]).toEqual([path, 200]);
    }
  });

  test("refuses an unknown field, a repeated id and a missing picture", async () => {
    for (const [path, , body] of await BODIES()) {
      const unknown = await readProblem((await ask(path, { ...body, imge: 1 })).response);
      expect(unknown).toMatchObject({ status: 422, errors: [{ pointer: "/imge" }] });
      if (!("image" in body)) continue;
      const { image: _, ...without } = body;
      expect(await readProblem((await ask(path, without)).response)).toMatchObject({
        status: 422,
        errors: [{ pointer: "/image", detail: "is required" }],
      });
      const list = "boxes" in body ? "boxes" : "entities";
      const [item] = body[list] as object[];
      const twice = await readProblem(
        (
          await ask(path, {
            ...body,
            [list]: [
              { ...item, id: "a" },
              { ...item, id: "a" },
            ],
          })
        ).response,
      );
      expect(twice).toMatchObject({ status: 422, errors: [{ pointer: `/${list}/1/id`, value: "a" }] });
    }
  });

  test("answers 422 when no model can read the picture", async () => {
    for (const [path, stage, body] of (await BODIES()).slice(2)) {
      const cog = scriptedPost().on(stage, () => Response.json({ status: "failed", error: "invalid_picture: broken" }));
      expect(await readProblem((await ask(path, body, cog)).response)).toMatchObject({
        status: 422,
        code: "invalid_picture",
      });
      const text = await readProblem(
        (await ask(path, { ...body, image: dataUrl(new TextEncoder().encode("hello")) })).response,
      );
      expect(text).toMatchObject({ status: 415, code: "picture_type_not_supported" });
    }
  });

  test("answers only as JSON", async () => {
    for (const [path, , body] of await BODIES()) {
      const response = await startApp().post(body, { accept: "image/png" }, path);
      expect(await readProblem(response)).toMatchObject({ status: 406 });
    }
  });
});
