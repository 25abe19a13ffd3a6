import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { Admission } from "../../functions/admission.ts";
import { createFunctionsApp, createHosts } from "../../functions/app.ts";
import { PictureStore } from "../../functions/pictures.ts";
import { FUNCTION_STAGES } from "../../functions/stage-function.ts";
import { LOADERS } from "../../functions/stages.ts";
import { Prediction, ValidationErrors } from "../../schemas/cog.ts";
import { STAGE_EXAMPLES } from "../../schemas/stages/examples.ts";
import { STAGES, type StageName } from "../../schemas/stages/index.ts";

const admission = new Admission();
const hosts = createHosts(admission);
const app = createFunctionsApp(hosts, admission);
beforeAll(async () => {
  const pictures = new PictureStore();
  for (const name of FUNCTION_STAGES) hosts[name].ready(await LOADERS[name](pictures));
});

const post = (stage: StageName, input: unknown) =>
  app.request(`/${stage}/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input }),
  });
async function predict(stage: StageName, input: unknown): Promise<Prediction> {
  const response = await post(stage, input);
  expect(response.status).toBe(200);
  const prediction = Prediction.parse(await response.json());
  if (prediction.status === "succeeded") STAGES[stage].output.parse(prediction.output);
  return prediction;
}

const dataUrl = (bytes: Buffer) => `data:application/octet-stream;base64,${bytes.toString("base64")}`;
const blank = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: "#8090a0" } });
const PERSON = [{ id: "e1", text: "Eileen Collins", type: "PER", expression: "a person named Eileen Collins" }];
const BOX = [{ id: "r1", box: { xmin: 0, ymin: 0, xmax: 40, ymax: 30 }, type: "PER" }];

/** A valid input of each stage that looks at a picture. */
const VISUAL: Partial<Record<StageName, (image: string) => object>> = {
  picture: (image) => ({ image }),
  entailment: (image) => ({ image, entities: PERSON }),
  grounding: (image) => ({ image, entities: PERSON }),
  segmentation: (image) => ({ image, boxes: BOX }),
};
const visual = Object.entries(VISUAL) as Array<[StageName, (image: string) => object]>;

test.each(FUNCTION_STAGES)("succeeds with the example input of %s", async (stage) => {
  expect(await predict(stage, STAGE_EXAMPLES[stage].input)).toMatchObject({ status: "succeeded" });
});

describe.each(visual)("%s", (stage, input) => {
  test.each([
    ["1 × 1", () => blank(1, 1).png()],
    ["1 × 2,000", () => blank(1, 2000).png()],
    ["3,000 × 2", () => blank(3000, 2).png()],
    ["CMYK JPEG", () => blank(64, 48).toColourspace("cmyk").jpeg()],
    ["transparent WebP", () => blank(64, 48, 4).webp()],
    ["16-bit PNG", () => blank(64, 48).toColourspace("rgb16").png()],
    ["grey PNG", () => blank(64, 48).toColourspace("b-w").png()],
  ])("succeeds when the picture is a %s", async (_, make) => {
    expect(await predict(stage, input(dataUrl(await make().toBuffer())))).toMatchObject({ status: "succeeded" });
  });

  test("succeeds when the picture is an animated WebP", async () => {
    const frames = await Promise.all(
      ["#f00", "#00f"].map((background) => blank(32, 32).tint(background).png().toBuffer()),
    );
    const animated = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(await predict(stage, input(dataUrl(animated)))).toMatchObject({ status: "succeeded" });
  });

  test.each([
    ["nothing", async () => Buffer.alloc(0)],
    ["a text", async () => Buffer.from("hello")],
    ["a GIF", async () => blank(8, 8).gif().toBuffer()],
    ["a JPEG cut in half", async () => (await blank(64, 48).jpeg().toBuffer()).subarray(0, 200)],
    ["a PNG cut in half", async () => (await blank(64, 48).png().toBuffer()).subarray(0, 60)],
    ["zeros", async () => Buffer.alloc(1000)],
  ])("fails with invalid_picture when the bytes are %s", async (_, make) => {
    expect(await predict(stage, input(dataUrl(await make())))).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^invalid_picture: /),
    });
  });

  test("fails with a problem code when the header claims 3.6 gigapixels", async () => {
    const claims = await blank(8, 8).png().toBuffer();
    claims.writeUInt32BE(60_000, 16);
    claims.writeUInt32BE(60_000, 20);
    expect(await predict(stage, input(dataUrl(claims)))).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^(picture_too_many_pixels|invalid_picture): /),
    });
  });

  test.each([
    ["a number", 7],
    ["a file's address", "file:///etc/passwd"],
    ["null", null],
  ])("answers 422 and names the field when the picture is %s", async (_, image) => {
    const response = await post(stage, input(image as string));
    expect(response.status).toBe(422);
    expect(ValidationErrors.parse(await response.json()).detail.map(({ loc }) => loc)).toContainEqual([
      "body",
      "input",
      "image",
    ]);
  });
});

const small = async () => dataUrl(await blank(64, 48).png().toBuffer());
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `e${index}`, text: `Name ${index}`, type: "PER" }));

describe("texts and entities", () => {
  test.each([0, 10_000])("mner succeeds when the text has %i characters", async (length) => {
    expect(await predict("mner", { text: "Ab ".repeat(4000).slice(0, length) })).toMatchObject({ status: "succeeded" });
  });

  test.each(["entailment", "grounding"] as const)("%s answers each of 200 entities", async (stage) => {
    const { output } = await predict(stage, { image: await small(), entities: many(200) });
    const { judgements, groundings } = output as { judgements?: unknown[]; groundings?: unknown[] };
    expect((judgements ?? groundings)?.length).toBe(200);
  });

  test("expansion answers each of 200 entities when the text has 10,000 characters", async () => {
    const { output } = await predict("expansion", { text: "x ".repeat(5000), entities: many(200) });
    expect((output as { expressions: unknown[] }).expressions).toHaveLength(200);
  });

  test.each([
    ["entailment", "entities", { entities: many(201) }],
    ["grounding", "entities", { entities: [{ id: "" }] }],
    ["grounding", "entities", { entities: [{ id: "a", type: "" }] }],
    ["expansion", "text", { text: "x".repeat(10_001), entities: [] }],
    ["mner", "labels", { text: "x", labels: "coarse" }],
    ["mner", "text", { text: "x", tokens: ["x"] }],
    ["picture", "max_side", { max_side: 0 }],
    ["segmentation", "boxes", { boxes: [{ id: "a", box: { xmin: "0", ymin: 0, xmax: 1, ymax: 1 } }] }],
  ] as const)("%s answers 422 and names the field when %s is invalid", async (stage, field, more) => {
    const response = await post(stage, { ...(stage in VISUAL ? { image: await small(), entities: [] } : {}), ...more });
    expect(response.status).toBe(422);
    const { detail } = ValidationErrors.parse(await response.json());
    expect(detail.some(({ loc }) => loc[1] === "input" && loc[2] === field)).toBe(true);
  });

  test("expansion and grounding succeed when names are regular expressions or lone surrogates", async () => {
    const names = ["__proto__", "constructor", "(((((", "a".repeat(500), "\\", "\ud83d", "‮abc", "'; DROP TABLE"];
    const entities = names.map((text, index) => ({ id: `e${index}`, text, type: "OTHER" }));
    expect(await predict("expansion", { text: names.join(" "), entities })).toMatchObject({ status: "succeeded" });
    expect(await predict("grounding", { image: await small(), entities })).toMatchObject({ status: "succeeded" });
  });
});

describe("boxes", () => {
  test("segmentation answers each of 25 boxes", async () => {
    const boxes = Array.from({ length: 25 }, (_, index) => ({
      id: `r${index}`,
      box: {
        xmin: index % 60,
        ymin: index % 40,
        xmax: (index % 60) + 1 + (index % 9),
        ymax: (index % 40) + 1 + (index % 7),
      },
    }));
    const { output } = await predict("segmentation", { image: await small(), boxes });
    expect((output as { masks: unknown[] }).masks).toHaveLength(25);
  });

  test.each([
    ["outside the picture", { xmin: 100, ymin: 100, xmax: 200, ymax: 200 }],
    ["inside out", { xmin: 40, ymin: 30, xmax: 10, ymax: 10 }],
    ["empty", { xmin: 10, ymin: 10, xmax: 10, ymax: 10 }],
  ])("segmentation gives no mask, and the reason, when a box is %s", async (_, box) => {
    const { output } = await predict("segmentation", { image: await small(), boxes: [{ id: "r1", box }] });
    expect(output).toMatchObject({ masks: [{ id: "r1", mask: null, reason: "no_mask" }] });
  });

  test("segmentation cuts a box to the picture when it is larger", async () => {
    const { output } = await predict("segmentation", {
      image: await small(),
      boxes: [{ id: "r1", box: { xmin: -500, ymin: -500, xmax: 500, ymax: 500 } }],
    });
    const [{ mask }] = (output as { masks: [{ mask: { size: number[] } | null }] }).masks;
    if (mask) expect(mask.size).toEqual([48, 64]);
  });
});
