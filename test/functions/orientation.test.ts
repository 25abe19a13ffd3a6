import sharp, { type Sharp } from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { Admission } from "../../functions/admission.ts";
import { createFunctionsApp, createHosts } from "../../functions/app.ts";
import { PictureStore } from "../../functions/pictures.ts";
import { LOADERS } from "../../functions/stages.ts";
import { inverseOrientation, turnBox, turnSize } from "../../schemas/orientation.ts";
import type { Box, RleMask } from "../../schemas/primitives.ts";
import { rleIou } from "../../schemas/rle.ts";
import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import { foldEvents } from "../../src/pipeline/fold.ts";
import { type LocatedRegion, locate } from "../../src/pipeline/picture/locate.ts";
import { type Picture, readPicture } from "../../src/pipeline/picture/read-picture.ts";
import { segmentAll } from "../../src/pipeline/picture/segment.ts";
import { uprightPicture } from "../../src/pipeline/picture/upright.ts";
import type { Run } from "../../src/pipeline/run.ts";
import { createModel } from "../../src/stages/index.ts";
import type { Chains } from "../../src/stages/model.ts";
import type { PictureRef } from "../../src/stages/picture-ref.ts";
import { BY_MODEL } from "../support/by-model.ts";
import { encodeRle } from "../support/rle.ts";
import { deploymentOf, inRun } from "../support/run.ts";
import { pictureOf } from "./examples.ts";

/** The pipeline's reading of a picture, with the real functions and no network between them. */
const admission = new Admission();
const hosts = createHosts(admission);
const app = createFunctionsApp(hosts, admission);
beforeAll(async () => {
  const pictures = new PictureStore();
  for (const name of ["picture", "grounding", "segmentation"] as const)
    hosts[name].ready(await LOADERS[name](pictures));
  // A host admits no post while one of its stages is loading.
  for (const name of ["mner", "expansion", "entailment"] as const) hosts[name].ready(new Error("not needed here"));
});

const tools = {
  fetch: async (url: URL, init: RequestInit) => app.request(url.pathname, init),
  clock: Date.now,
  chance: () => 0,
  sleep: () => Promise.resolve(),
  download: () => Promise.reject(new Error("no network")),
};
const endpoint = new URL("http://127.0.0.1:8788");
const chainsOf = (up: boolean) =>
  Object.fromEntries(
    STAGE_NAMES.map((stage) => {
      const address = {
        entry: `cog:local/${stage}`,
        provider: "cog",
        model: stage,
        version: null,
        endpoint,
        aliased: true,
        token: null,
      };
      return [stage, stage === "picture" && !up ? [] : [createModel(stage, address, tools)]];
    }),
  ) as unknown as Chains;

interface Found {
  readonly box: Box;
  readonly mask: RleMask | null;
  readonly codes: string[];
}

type Prepared = { readonly picture: Picture; readonly shown: PictureRef; readonly run: Run };

/** Run a model on the picture that models get, and return its box in the upright picture. */
function withPicture(
  bytes: Buffer,
  pictureUp: boolean,
  locateBox: (prepared: Prepared) => Promise<LocatedRegion>,
): Promise<Found> {
  const deployment = deploymentOf(chainsOf(pictureUp), { clock: Date.now, sleep: tools.sleep });
  return inRun(deployment, async (run) => {
    const picture = await readPicture(new Uint8Array(bytes));
    const shown = await uprightPicture(picture, run);
    if (!shown) throw new Error("the picture was not prepared");
    const box = await locateBox({ picture, shown, run });
    const { region, ...place } = box;
    await segmentAll([{ ...place, ...region }], shown, picture.size, "rle", run);
    const { masks, problems } = foldEvents(run.events);
    return {
      box: region.box,
      mask: (masks.get(region.id)?.mask as RleMask | null | undefined) ?? null,
      codes: problems.map(({ code }) => code),
    };
  });
}

/** Box and mask of the person, as the grounding and segmentation models find them. */
function find(bytes: Buffer): Promise<Found> {
  return withPicture(bytes, true, async ({ picture, shown, run }) => {
    const entities = [{ id: "e1", text: "Eileen Collins", type: "PER", expression: "a person named Eileen Collins" }];
    const grounding = await run.stages.run("grounding", { entities }, shown);
    const grounded = new Map(grounding?.groundings.map(({ id, regions }) => [id, regions]));
    const [box] = locate(entities, grounded, shown, picture.size, 0);
    if (!box) throw new Error("nobody was found");
    return box;
  });
}

/** How to store the photo for each orientation tag. */
const STORED: Record<number, (image: Sharp) => Sharp> = {
  1: (image) => image,
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.rotate(270).flop(),
  6: (image) => image.rotate(270),
  7: (image) => image.rotate(90).flop(),
  8: (image) => image.rotate(90),
};
const photo = Buffer.from(pictureOf("astronaut").split(",")[1] ?? "", "base64");
// 480 × 512: a wrong rotation changes the size.
const person = () => sharp(photo).extract({ left: 0, top: 0, width: 480, height: 512 });
async function stored(orientation: number, upright: Sharp = person()): Promise<Buffer> {
  const turned = await (STORED[orientation] as (image: Sharp) => Sharp)(sharp(await upright.png().toBuffer()))
    .png()
    .toBuffer();
  return sharp(turned).withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
}

/** An L in orange on blue: no two of its rotations and reflections are equal. */
const DRAWN: Box = { xmin: 120, ymin: 60, xmax: 300, ymax: 400 };
const isDrawn = (x: number, y: number) => x >= 120 && x < 300 && y >= 60 && y < 400 && (x < 230 || y >= 250);
const [width, height] = [480, 512];
const drawn = Uint8Array.from({ length: width * height }, (_, index) =>
  Number(isDrawn(index % width, Math.floor(index / width))),
);
const drawnMask = encodeRle(drawn, { width, height });
const drawing = () => {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const [inside, outside] = [[240, 150, 20][index % 3] ?? 0, [20, 60, 150][index % 3] ?? 0];
    return (drawn[Math.floor(index / 3)] ? inside : outside) + ((index * 97) % 13);
  });
  return sharp(pixels, { raw: { width, height, channels: 3 } });
};

const largestGap = (a: Box, b: Box) =>
  Math.max(Math.abs(a.xmin - b.xmin), Math.abs(a.ymin - b.ymin), Math.abs(a.xmax - b.xmax), Math.abs(a.ymax - b.ymax));

let original: Found;
beforeAll(async () => {
  original = await find(await stored(1));
});

describe.each([2, 3, 4, 5, 6, 7, 8])("orientation %i", (orientation) => {
  test("gives the boxes and masks of the upright original when the picture stage turns it", async () => {
    const { box, mask, codes } = await find(await stored(orientation));
    // The remaining difference comes from the stage's JPEG.
    expect(largestGap(box, original.box)).toBeLessThan(8);
    expect(rleIou(mask as RleMask, original.mask as RleMask)).toBeGreaterThan(0.95);
    expect(codes).toEqual([]);
  });

  test("turns the mask of the stored pixels upright when no picture stage answers", async () => {
    // No model here finds a person lying on their side. GrabCut cuts the drawing alike in every rotation.
    const bytes = await stored(orientation, drawing());
    const { mask, codes } = await withPicture(bytes, false, async ({ picture, shown }) => {
      expect(shown).toMatchObject({ orientation, size: turnSize(picture.size, orientation) });
      const modelBox = turnBox(DRAWN, inverseOrientation(orientation), picture.size);
      const region = { ...BY_MODEL, id: "r1", box: DRAWN, score: null, method: "drawn" };
      return { entityId: "e1", type: "OTHER", region, modelBox };
    });
    expect(rleIou(mask as RleMask, drawnMask)).toBeGreaterThan(0.9);
    expect(codes).toEqual(["stage_failed", "picture_not_turned"]);
  });
});
