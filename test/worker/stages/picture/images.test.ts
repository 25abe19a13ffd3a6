import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { fromDataUrl } from "../../../../src/image/data-url.ts";
import { sniffPicture } from "../../../../src/image/sniff.ts";
import type { Images } from "../../../../src/providers/images.ts";
import type { StageModel } from "../../../../src/stages/model.ts";
import { images as adapter } from "../../../../src/stages/picture/images.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";
import { blackPng, dataUrl, greyPng } from "../../../support/png.ts";
import { entity, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../../harness.ts";

const bytesOf = (url: string) => fromDataUrl(url)?.bytes ?? new Uint8Array();

const address = {
  entry: "images/upright",
  provider: "images" as const,
  model: "upright",
  version: null,
  endpoint: null,
  aliased: false,
  token: null,
};
const tools = {
  fetch: () => Promise.reject(new Error("no")),
  clock: () => 0,
  chance: () => 0,
  sleep: () => Promise.resolve(),
  download: () => Promise.reject(new Error("no")),
};
const modelOf = (images: Images): Pick<StageModel<"picture">, "run"> => adapter.create(address, { ...tools, images });
const attempt = { signal: new AbortController().signal, deadline: 1, later: () => undefined };
/** The binding as Miniflare simulates it, with sharp. */
const model = modelOf(env.IMAGES);
const run = (image: string, max_side: number = LIMITS.modelSide) =>
  model.run({ picture: pictureRefOf(image), max_side }, attempt);

/** The size of a picture whose quarters have four greys, so that all eight orientations differ. */
const UPRIGHT = { width: 60, height: 40 };
const QUARTERS = [10, 90, 170, 250];
const grey = (x: number, y: number) => QUARTERS[(x < 30 ? 0 : 1) + (y < 20 ? 0 : 2)] ?? 0;
/** The upright pixel at a stored pixel, by orientation (EXIF 2.32, section 4.6.4). */
const SHOWN: Record<number, (x: number, y: number) => [x: number, y: number]> = {
  1: (x, y) => [x, y],
  2: (x, y) => [59 - x, y],
  3: (x, y) => [59 - x, 39 - y],
  4: (x, y) => [x, 39 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [59 - y, x],
  7: (x, y) => [59 - y, 39 - x],
  8: (x, y) => [y, 39 - x],
};

/** The picture stored in an orientation, with or without the tag that says so. */
const stored = async (orientation: number, tagged = true) => {
  const size = orientation >= 5 ? { width: 40, height: 60 } : UPRIGHT;
  return dataUrl(
    await greyPng(size, (x, y) => grey(...(SHOWN[orientation]?.(x, y) ?? [0, 0])), tagged ? orientation : undefined),
  );
};

describe.each([2, 3, 4, 5, 6, 7, 8])("a picture of orientation %i", (orientation) => {
  test("becomes the same JPEG as the upright picture, without a tag", async () => {
    const output = await run(await stored(orientation));
    expect(output).toMatchObject({ ...UPRIGHT, original: UPRIGHT, model: "cloudflare-images", version: "unversioned" });
    expect(sniffPicture(bytesOf(output.image))).toMatchObject({ type: "image/jpeg", ...UPRIGHT, orientation: 1 });
    expect(output.image).toBe((await run(await stored(1))).image);
    expect(output.image).not.toBe((await run(await stored(orientation, false))).image);
  });
});

test("shrinks the long side to max_side, and enlarges nothing", async () => {
  expect(await run(dataUrl(await blackPng(4000, 3000, 6)))).toMatchObject({
    width: 1536,
    height: 2048,
    original: { width: 3000, height: 4000 },
  });
  expect(await run(dataUrl(await blackPng(301, 200)), 100)).toMatchObject({
    width: 100,
    original: { width: 301, height: 200 },
  });
  expect(await run(dataUrl(await blackPng(20, 10)))).toMatchObject({ width: 20, height: 10 });
});

test.each([
  ["bytes of no picture", dataUrl(new Uint8Array(40)), "invalid_picture"],
  ["bytes of no picture, with a link,", "https://pictures.example/1.jpg", "invalid_picture"],
])("throws invalid_picture when it is given %s", async (_, image, code) => {
  await expect(run(image)).rejects.toMatchObject({ name: "StageError", code });
});

test("throws a StageError without the binding's message when the picture is cut off", async () => {
  const whole = await greyPng({ width: 400, height: 300 }, (x, y) => (x * 7 + y * 13) & 0xff);
  await expect(run(dataUrl(whole.subarray(0, whole.length / 2)))).rejects.toMatchObject({
    name: "StageError",
    code: expect.stringMatching(/^(failed|invalid_picture|network)$/),
    detail: expect.not.stringMatching(/ERROR|vips|libspng/),
  });
});

/** A binding that answers with these bytes. */
const wrong = (image: () => Promise<Uint8Array>): Images => {
  const bytes = image();
  bytes.catch(() => undefined);
  const output = async () => {
    const whole = await bytes;
    return { image: () => new Blob([whole as Uint8Array<ArrayBuffer>]).stream() };
  };
  const chain = { transform: () => chain, output };
  return { input: () => chain };
};

describe("a binding that fails", () => {
  const ask = (images: Images) =>
    blackPng(60, 40, 6).then((png) =>
      modelOf(images).run({ picture: pictureRefOf(dataUrl(png)), max_side: 2048 }, attempt),
    );
  const jpegOf = async (width: number, height: number) =>
    bytesOf((await run(dataUrl(await blackPng(width, height)))).image);

  test.each([
    ["a picture that was not turned", () => jpegOf(60, 40)],
    ["a PNG", () => blackPng(40, 60)],
    ["bytes of no picture", async () => new Uint8Array(9)],
  ])("is an invalid_output when it answers %s", async (_, image) => {
    await expect(ask(wrong(image))).rejects.toMatchObject({ code: "invalid_output" });
  });

  test.each([
    [9422, "rate_limited"],
    [9412, "invalid_picture"],
    [9520, "rejected"],
    [9523, "failed"],
    [undefined, "network"],
  ])("with the error code %s is %s", async (code, expected) => {
    const error = Object.assign(new Error("secret"), code === undefined ? {} : { code });
    await expect(ask(wrong(() => Promise.reject(error)))).rejects.toMatchObject({
      code: expected,
      detail: expect.not.stringContaining("secret"),
    });
  });

  test("is canceled, or a timeout after the deadline, when the attempt is aborted", async () => {
    const never = wrong(() => new Promise(() => undefined));
    const image = dataUrl(await blackPng(60, 40, 6));
    const hangUp = new AbortController();
    const asked = modelOf(never).run(
      { picture: pictureRefOf(image), max_side: 100 },
      { ...attempt, signal: hangUp.signal },
    );
    hangUp.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    const late = AbortSignal.abort(new DOMException("late", "TimeoutError"));
    await expect(
      modelOf(never).run({ picture: pictureRefOf(image), max_side: 100 }, { ...attempt, signal: late }),
    ).rejects.toMatchObject({
      code: "timeout",
    });
  });
});

test("answers in the upright frame when PICTURE is images/upright and the picture lies on its side", async () => {
  const cog = scriptedPost();
  const app = startApp(cog, {}, { PICTURE: "images/upright", PUBLIC_URL: "" });
  const answer = await readAnswer(
    await app.post({ text: TEXT, image: dataUrl(await blackPng(60, 80, 6)), task: "gmner" }),
  );
  expect(answer).toMatchObject({ partial: false, problems: [], image: { width: 80, height: 60 } });
  expect(answer.stages.find(({ stage }) => stage === "picture")).toMatchObject({
    provider: "images",
    model: "cloudflare-images",
    attempts: 1,
  });
  expect(cog.asked("picture")).toEqual([]);
  const [asked] = cog.asked("grounding");
  expect(sniffPicture(bytesOf(String(asked?.image)))).toMatchObject({
    type: "image/jpeg",
    width: 80,
    height: 60,
    orientation: 1,
  });
  expect(entity(answer, "e1").regions).toHaveLength(1);
});

test("names the missing binding when PICTURE is images/upright and the Worker has none", async () => {
  const app = startApp(scriptedPost(), {}, { PICTURE: "images/upright", IMAGES: undefined as never });
  const problem = await readProblem(await app.post({ text: TEXT }));
  expect(problem).toMatchObject({ status: 500, code: "misconfigured" });
  expect(problem.detail).toContain("IMAGES");
});
