import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { toBase64 } from "../../../../src/image/data-url.ts";
import type { StageModel } from "../../../../src/stages/model.ts";
import { PictureRef } from "../../../../src/stages/picture-ref.ts";
import { ATTEMPT, modelAt } from "../../../support/model-at.ts";

const SIZE = { width: 4, height: 3 };
const entities = [{ id: "e1", text: "Collins", type: "PER" }];
const pictureOf = (bytes: number) =>
  new PictureRef(
    { bytes: new Uint8Array(bytes).fill(7), type: "image/png", size: SIZE, orientation: 1 },
    { link: async () => "https://namesight.test/p", atEnd: () => undefined },
  );

describe("a task at Hugging Face", () => {
  test("is sent the picture's bytes as base64, and never its link", async () => {
    const { model, requests } = modelAt("grounding", "huggingface:test/owner/detector", [[]]);
    expect(model.takesLinks).toBe(false);
    const picture = pictureOf(3);
    expect(await model.run({ picture, entities }, ATTEMPT)).toMatchObject({
      model: "owner/detector",
      version: "unversioned",
      groundings: [{ id: "e1", regions: [] }],
    });
    expect(requests).toMatchObject([{ url: "https://host.test/", body: { inputs: toBase64(picture.bytes) } }]);
  });

  test("is asked at the router by the model's path when the entry has no alias", async () => {
    const { model, requests } = modelAt("grounding", "huggingface/owner/detector", [[]]);
    await model.run({ picture: pictureOf(3), entities }, ATTEMPT);
    expect(requests[0]?.url).toBe("https://router.huggingface.co/hf-inference/models/owner/detector");
  });

  test("rejects without a request when it needs the picture and there is none", async () => {
    const { model, requests } = modelAt("grounding", "huggingface:test/owner/detector", [[]]);
    await expect(model.run({ picture: null, entities }, ATTEMPT)).rejects.toMatchObject({
      code: "rejected",
      detail: "needs the picture",
    });
    expect(requests).toEqual([]);
  });

  test("holds one copy of a long picture at a time when two calls run", async () => {
    let running = 0;
    let most = 0;
    const runtime = {
      fetch: async () => {
        running++;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return Response.json([]);
      },
    };
    const { model } = modelAt("grounding", "huggingface:test/owner/detector", [], runtime);
    const ask = (picture: PictureRef) => model.run({ picture, entities }, ATTEMPT);
    const long = pictureOf(LIMITS.inlineAloneBytes + 1);
    await Promise.all([ask(long), ask(long), ask(long)]);
    expect(most).toBe(1);
    const short = pictureOf(3);
    await Promise.all([ask(short), ask(short)]);
    expect(most).toBe(2);
  });

  test("does not wait for a long picture when its task takes text alone", async () => {
    const { model } = modelAt("mner", "huggingface:test/owner/tagger", [[]]);
    const picture = pictureOf(LIMITS.inlineAloneBytes + 1);
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const held = picture.exclusively(() => promise);
    const asked: Promise<unknown> = (model as StageModel<"mner">).run({ picture, text: "t", labels: "gmner" }, ATTEMPT);
    expect(await asked).toMatchObject({ mentions: [] });
    release();
    await held;
  });
});
