import { describe, expect, test } from "vitest";
import { foldEvents } from "../../../../src/pipeline/fold.ts";
import { captionPicture } from "../../../../src/pipeline/picture/caption.ts";
import type { RunOptions } from "../../../../src/pipeline/run.ts";
import { StageError, type StageModel } from "../../../../src/stages/model.ts";
import { PictureRef } from "../../../../src/stages/picture-ref.ts";
import { memoryCaches } from "../../../support/memory-caches.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const PICTURE = { sha256: "ab" };
const captioner = (caption: () => string | Promise<string>, more: Partial<StageModel<"caption">> = {}) => {
  const asked = { times: 0 };
  const run = async () => {
    asked.times++;
    return { caption: await caption() };
  };
  return { asked, model: modelOf<"caption">(run, { entry: "captioner", ...more }) };
};
const down = modelOf<"caption">(() => Promise.reject(new StageError("failed", "failed")), { entry: "down" });

function startWith(caches = memoryCaches()) {
  const behind: Promise<unknown>[] = [];
  const describePicture = (
    models: readonly StageModel<"caption">[],
    { orientation = 1, ...more }: Partial<RunOptions> & { orientation?: number } = {},
  ) =>
    inRun(
      deploymentOf({ caption: models }, caches),
      async (run) => {
        const data = { bytes: new Uint8Array(1), type: "image/png", size: { width: 1, height: 1 }, orientation };
        const picture = new PictureRef(data, run.pictures);
        const caption = await captionPicture(Promise.resolve(picture), PICTURE, run);
        return { caption, stages: foldEvents(run.events).stages };
      },
      { store: true, waitUntil: (work) => behind.push(work.catch(() => undefined)), ...more },
    );
  const settle = async () => void (await Promise.all(behind));
  return { ...caches, describePicture, settle };
}

describe("captionPicture", () => {
  test("asks once for a picture, then answers from the cache, and the stages say cached", async () => {
    const { describePicture, settle } = startWith();
    const { model, asked } = captioner(() => "- A **cat**.");
    expect(await describePicture([model])).toMatchObject({
      caption: "A cat.",
      stages: [{ cached: false, attempts: 1 }],
    });
    await settle();
    expect(await describePicture([model])).toMatchObject({
      caption: "A cat.",
      stages: [{ stage: "caption", cached: true, attempts: 0, model: "model", version: "1" }],
    });
    expect(asked.times).toBe(1);
    await describePicture([{ ...model, promptVersion: "2" }]);
    expect(asked.times).toBe(2);
  });

  test("keeps no caption of a fallback, of a picture that does not stand upright, or of a post that may not be stored", async () => {
    const { describePicture, settle, writes } = startWith();
    const { model } = captioner(() => "A cat.");
    expect((await describePicture([down, model])).caption).toBe("A cat.");
    expect((await describePicture([model], { orientation: 6 })).caption).toBe("A cat.");
    expect((await describePicture([model], { store: false })).caption).toBe("A cat.");
    await settle();
    expect(writes).toEqual([]);
  });

  test("waits for the same question of another request, and asks itself when that one fails or leaves", async () => {
    const { describePicture } = startWith();
    const open = Promise.withResolvers<string>();
    const slow = captioner(() => open.promise);
    const [first, second] = [describePicture([slow.model]), describePicture([slow.model])];
    open.resolve("A cat.");
    expect((await Promise.all([first, second])).map(({ caption }) => caption)).toEqual(["A cat.", "A cat."]);
    expect(slow.asked.times).toBe(1);
    expect((await second).stages).toMatchObject([{ cached: true, attempts: 0 }]);
  });

  test("is not canceled by another request that leaves, and asks itself when that one got no answer", async () => {
    const { describePicture } = startWith();
    const leaving = new AbortController();
    const asking = Promise.withResolvers<void>();
    const own = captioner(() => "A dog.");
    const left: StageModel<"caption"> = {
      ...own.model,
      run: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new StageError("canceled", "was canceled")));
          asking.resolve();
        }),
    };
    const first = describePicture([left], { signal: leaving.signal });
    await asking.promise;
    const second = describePicture([own.model]);
    leaving.abort();
    expect((await first).caption).toBeNull();
    expect(await second).toMatchObject({ caption: "A dog.", stages: [{ cached: false, attempts: 1 }] });
  });

  test("does without the cache when it is down or holds no plain words, and without a picture or a model", async () => {
    const caches = memoryCaches();
    const { describePicture, settle, writes, values } = startWith(caches);
    const { model, asked } = captioner(() => "A cat.");
    await describePicture([model]);
    await settle();
    values.set(writes[0] ?? "", JSON.stringify({ caption: "https://evil.example", model: "m", version: "1" }));
    expect((await describePicture([model])).caption).toBe("A cat.");
    expect(asked.times).toBe(2);
    const broken = {
      ...caches,
      captions: { ...caches.captions, flights: caches.captions.flights, get: () => Promise.reject(new Error("down")) },
    };
    expect((await startWith(broken as never).describePicture([model])).caption).toBe("A cat.");
    expect((await describePicture([])).caption).toBeNull();
    const none = inRun(deploymentOf({ caption: [model] }), (run) => captionPicture(Promise.resolve(null), null, run));
    expect(await none).toBeNull();
  });
});
