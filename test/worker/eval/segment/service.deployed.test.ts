import { expect, test } from "vitest";
import { PostFailed } from "../../../../eval/segment/failure.ts";
import { SegmentService } from "../../../../eval/segment/service.ts";
import { priceOf } from "../../../../schemas/prices.ts";
import { blackPng } from "../../../support/png.ts";
import { boxMask, type Harness, SIZE, startApp } from "../../harness.ts";
import { MONEY, startCharged } from "../../routes/start-charged.ts";

/** The service, with this app in place of a deployment. */
function serviceOf({ fetch }: Pick<Harness, "fetch">, key: string | null): SegmentService {
  return new SegmentService({
    url: new URL("https://namesight.test"),
    key,
    fetch: (address, { signal: _, ...init }) => fetch(new URL(address).pathname, init),
    clock: () => 0,
    sleep: async () => undefined,
    tell: () => undefined,
  });
}

const BOXES = [
  { xmin: 10, ymin: 10, xmax: 40, ymax: 50 },
  { xmin: 50.5, ymin: 20, xmax: 70, ymax: 40 },
];
async function question() {
  const picture = { name: "71044.png", bytes: await blackPng(SIZE.width, SIZE.height), size: SIZE };
  return { picture, boxes: BOXES.map((box) => ({ box, type: "PER" })), name: "a".repeat(64) };
}
const MASKS = { results: BOXES.map((box) => ({ mask: boxMask(box) })) };

test("the app without accounts answers a mask for each box, and charges nothing", async () => {
  const app = startApp();
  expect(await serviceOf(app, null).ask(await question())).toEqual({ ...MASKS, cost: 0 });
  expect(app.cog.asked("segmentation")).toMatchObject([{ boxes: BOXES.map((box) => ({ box, type: "PER" })) }]);
});

test("the app with accounts charges a request once, also when it is repeated", async () => {
  const { app, key, available } = await startCharged();
  const service = serviceOf(app, key);
  const price = priceOf("segment", { calls: 1, entities: 0, masks: 2 });
  expect(await service.ask(await question())).toEqual({ ...MASKS, cost: price });
  const asked = app.cog.calls.length;
  expect(await service.ask(await question())).toEqual({ ...MASKS, cost: price });
  expect([app.cog.calls.length, await available()]).toEqual([asked, MONEY - price]);
});

test("the app refuses a wrong key and a key where there are no accounts: no other post is asked", async () => {
  const { app } = await startCharged();
  await expect(serviceOf(app, "nk_live_0").ask(await question())).rejects.toMatchObject({ status: 401 });
  await expect(serviceOf(startApp(), "nk_live_0").ask(await question())).rejects.toMatchObject({ status: 422 });
});

test("the app refuses a picture that is none: others are asked", async () => {
  const asked = await question();
  const bytes = new Uint8Array([1, 2, 3]);
  const refused = serviceOf(startApp(), null).ask({ ...asked, picture: { ...asked.picture, bytes } });
  await expect(refused).rejects.toBeInstanceOf(PostFailed);
});
