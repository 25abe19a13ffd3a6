import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { loadPicture } from "../../functions/picture/index.ts";
import { PictureStore } from "../../functions/pictures.ts";
import { RecognizeRequest } from "../../schemas/recognize.ts";
import { readPicture } from "../../src/pipeline/picture/read-picture.ts";
import { recognize, recognizeAnswer } from "../../src/pipeline/recognize.ts";
import { postOf } from "../../src/request/read-post.ts";
import { StageError } from "../../src/stages/model.ts";
import type { PictureRef } from "../../src/stages/picture-ref.ts";
import { mention } from "../support/mention.ts";
import { modelOf } from "../support/models.ts";
import { deploymentOf, inRun } from "../support/run.ts";
import { runContext } from "../support/run-context.ts";

const SIZE = { width: 120, height: 90 };
let state = 1;
const noise = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state >>> 24;
};
const drawing = sharp(Uint8Array.from({ length: SIZE.width * SIZE.height * 3 }, noise), {
  raw: { ...SIZE, channels: 3 },
});
const lying = () => drawing.clone().withMetadata({ orientation: 6 });
const FILES = {
  JPEG: await drawing.clone().jpeg().toBuffer(),
  "progressive JPEG": await drawing.clone().jpeg({ progressive: true }).toBuffer(),
  "JPEG that lies on its side": await lying().jpeg().toBuffer(),
  PNG: await drawing.clone().png().toBuffer(),
  "PNG that lies on its side": await lying().png().toBuffer(),
  WebP: await drawing.clone().webp().toBuffer(),
};

const pictures = new PictureStore();
const turner = await loadPicture();

/** Runs our own code over the bytes that a model is sent; its error is told as the Cog protocol tells it. */
async function told<T>(picture: PictureRef | null, work: (image: string) => Promise<T>): Promise<T> {
  const running = picture?.withDataUrl(work) ?? Promise.reject(new Error("no picture"));
  return running.catch((error: Error) => {
    throw new StageError(error.message.startsWith("invalid_picture: ") ? "invalid_picture" : "failed", "cannot");
  });
}

const deployment = deploymentOf({
  picture: [
    modelOf<"picture">(({ picture, max_side }) =>
      told(picture, (image) => turner.run({ image, max_side }, runContext())),
    ),
  ],
  mner: [modelOf<"mner">(() => ({ mentions: [mention("Felix", 0)], problems: [] }))],
  entailment: [
    modelOf<"entailment">(({ picture, entities }) =>
      told(picture, async (image) => {
        await pictures.open(image);
        const judgement = { visible: true, score: null, method: "m", calibrated: false, reason: null };
        return { judgements: entities.map(({ id }) => ({ id, ...judgement })) };
      }),
    ),
  ],
});

async function answerTo(bytes: Uint8Array) {
  const post = postOf(RecognizeRequest.parse({ text: "Felix", task: "gmner" }), await readPicture(bytes));
  return inRun(deployment, async (run) => {
    await recognize(post, run);
    const { entities, problems } = recognizeAnswer(post, run);
    const codes = problems.map(({ code }) => code).filter((code) => code !== "stage_failed");
    return { names: entities.map(({ text }) => text), visible: entities[0]?.visible, codes };
  });
}

/** Behind it, the header can be read. */
const headerOf = (name: string, bytes: Buffer) => {
  if (name.includes("PNG")) return 33;
  return name === "WebP"
    ? 40
    : bytes.lastIndexOf(Buffer.from([0xff, name.startsWith("progressive") ? 0xc2 : 0xc0])) + 20;
};

describe.each(Object.entries(FILES))("a %s, with real decoders,", (name, bytes) => {
  test("is answered in full when it is whole", async () => {
    expect(await answerTo(bytes)).toEqual({ names: ["Felix"], visible: true, codes: [] });
  });

  test("is answered, and said to be cut off, wherever it is cut off behind its header", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: headerOf(name, bytes), max: bytes.length - 1 }), async (length) => {
        const { names, visible, codes } = await answerTo(bytes.subarray(0, length));
        expect(names).toEqual(["Felix"]);
        expect(codes).toContain("picture_cut_off");
        expect(visible).toBe(codes.includes("invalid_picture") ? null : true);
      }),
      { numRuns: 25 },
    );
  });

  test("shows models what came of it when half is cut off, where the decoder gives a part", async () => {
    const { visible, codes } = await answerTo(bytes.subarray(0, bytes.length / 2));
    // sharp gives no part of a WebP: the text is answered without the picture.
    const expected = name === "WebP" ? [null, ["invalid_picture", "picture_cut_off"]] : [true, ["picture_cut_off"]];
    expect([visible, codes]).toEqual(expected);
  });
});
