import { describe, expect, test } from "vitest";
import type { RecognizeAnswer } from "../../../../schemas/recognize.ts";
import { blackPng, dataUrl, greyPng, readGreyPng } from "../../../support/png.ts";
import { encodeRle } from "../../../support/rle.ts";
import { FAULTS, type ScriptedCog } from "../../../support/scripted-cog.ts";
import { entity, readAnswer, SIZE, scriptedPost, startApp, TEXT } from "../../harness.ts";

const ran = { model: "scripted", version: "7" };
const { width, height } = SIZE;

/** The object to find: an L, which no rotation or mirroring maps onto itself. It fills nearly all of its box. */
const BOX = { xmin: 10, ymin: 12, xmax: 34, ymax: 52 };
const shown = (x: number, y: number) =>
  x >= BOX.xmin && x < BOX.xmax && y >= BOX.ymin && y < BOX.ymax && !(x > 28 && y < 20);
const MASK = encodeRle(
  Uint8Array.from({ length: width * height }, (_, index) => Number(shown(index % width, Math.floor(index / width)))),
  SIZE,
);

/** Where an upright pixel is stored, for each orientation (EXIF 2.32, section 4.6.4: sides of row 0 and column 0). */
const STORED: Record<number, (x: number, y: number) => [x: number, y: number]> = {
  1: (x, y) => [x, y],
  2: (x, y) => [width - 1 - x, y],
  3: (x, y) => [width - 1 - x, height - 1 - y],
  4: (x, y) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [y, width - 1 - x],
  7: (x, y) => [height - 1 - y, width - 1 - x],
  8: (x, y) => [height - 1 - y, x],
};
const storedAt = (orientation: number, x: number, y: number) => STORED[orientation]?.(x, y) ?? [x, y];

async function storedPicture(orientation: number): Promise<string> {
  const size = orientation >= 5 ? { width: height, height: width } : SIZE;
  const pixels = new Set<string>();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (shown(x, y)) pixels.add(String(storedAt(orientation, x, y)));
  return dataUrl(await greyPng(size, (x, y) => (pixels.has(String([x, y])) ? 255 : 0), orientation));
}

const open = (image: unknown) =>
  readGreyPng(Uint8Array.from(atob(String(image).split(",")[1] ?? ""), (character) => character.charCodeAt(0)));

/** A detector and a segmenter that work on the pixels that they get, and a picture stage that turns pixels. */
function seeing(): ScriptedCog {
  return scriptedPost()
    .on("picture", async ({ input }) => {
      const { orientation, sample } = await open(input.image);
      const turned = await greyPng(SIZE, (x, y) => sample(...storedAt(orientation ?? 1, x, y)));
      return { ...ran, image: dataUrl(turned), ...SIZE, original: SIZE };
    })
    .on("grounding", async ({ input }) => {
      const picture = await open(input.image);
      const set = [];
      for (let y = 0; y < picture.height; y++)
        for (let x = 0; x < picture.width; x++) if (picture.sample(x, y) > 127) set.push({ x, y });
      const [xs, ys] = [set.map(({ x }) => x), set.map(({ y }) => y)];
      const box = {
        xmin: Math.min(...xs),
        ymin: Math.min(...ys),
        xmax: Math.max(...xs) + 1,
        ymax: Math.max(...ys) + 1,
      };
      return { ...ran, groundings: [{ id: "e1", regions: [{ box, score: 0.8, method: "scripted-box" }] }] };
    })
    .on("segmentation", async ({ input }) => {
      const { width, height, sample } = await open(input.image);
      const white = Uint8Array.from({ length: width * height }, (_, index) =>
        sample(index % width, Math.floor(index / width)),
      );
      const mask = encodeRle(white, { width, height });
      return {
        ...ran,
        masks: (input.boxes as { id: string }[]).map(({ id }) => ({ id, mask, score: 0.7, method: "scripted-mask" })),
      };
    });
}

/** The answer for the picture in this orientation. Only the picture stage may get an orientation tag. */
async function ask(
  orientation: number,
  cog: ScriptedCog,
  variables: Record<string, string> = {},
): Promise<RecognizeAnswer> {
  const response = await startApp(cog, {}, { PUBLIC_URL: "", ...variables }).post({
    text: TEXT,
    image: await storedPicture(orientation),
  });
  const looked = cog.calls.filter(({ stage, input }) => stage !== "picture" && "image" in input);
  for (const { input } of looked) expect((await open(input.image)).orientation ?? 1).toBe(1);
  return readAnswer(response);
}

function expectUpright(answer: RecognizeAnswer): void {
  expect(answer.image).toMatchObject(SIZE);
  expect(entity(answer, "e1").regions).toMatchObject([{ box: BOX, mask: MASK, mask_reason: null }]);
}

test("an upright picture skips the picture stage", async () => {
  const answer = await ask(1, seeing().on("picture", FAULTS.unreachable));
  expectUpright(answer);
  expect(answer).toMatchObject({ partial: false, problems: [] });
});

describe.each([2, 3, 4, 5, 6, 7, 8])("a picture of orientation %i", (orientation) => {
  test("gets the upright picture's answer when the picture stage turns it", async () => {
    const answer = await ask(orientation, seeing());
    expectUpright(answer);
    expect(answer).toMatchObject({ partial: false, problems: [] });
    expect(answer.entities).toEqual((await ask(1, seeing())).entities);
  });

  test.each([
    ["down", seeing().on("picture", FAULTS.unreachable), {}, 6],
    ["not configured", seeing(), { PICTURE: "" }, undefined],
  ])("gets an answer turned back, and a problem, when the picture stage is %s", async (_, cog, variables, attempts) => {
    const answer = await ask(orientation, cog, variables);
    expectUpright(answer);
    expect(answer.partial).toBe(true);
    expect(answer.problems.map(({ code, stage }) => [code, stage])).toEqual([
      ["stage_failed", "picture"],
      ["picture_not_turned", "picture"],
    ]);
    expect(answer.stages.find(({ stage }) => stage === "picture")?.attempts).toBe(attempts);
    expect(answer.entities).toEqual((await ask(1, seeing())).entities);
  });
});

test("a large upright picture is sent unchanged when the picture stage is down", async () => {
  const cog = scriptedPost().on("picture", FAULTS.unreachable);
  const image = dataUrl(await blackPng(2100, 1575));
  const answer = await readAnswer(
    await startApp(cog, {}, { PUBLIC_URL: "" }).post({ text: TEXT, image, task: "gmner" }),
  );
  expect(cog.asked("grounding")).toMatchObject([{ image }]);
  expect(answer.problems.map(({ code }) => code)).toEqual(["stage_failed"]);
  expect(entity(answer, "e1").regions).toMatchObject([{ box: { xmin: 10, ymin: 10, xmax: 40, ymax: 50 } }]);
});

test("an overlay is not drawn on a picture that lies on its side", async () => {
  const app = startApp(seeing().on("picture", FAULTS.unreachable));
  const image = await storedPicture(6);
  for (const accept of ["image/png", "image/svg+xml"]) {
    const response = await app.post({ text: TEXT, image }, { accept });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  }
});
