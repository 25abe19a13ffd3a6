import { describe, expect, test } from "vitest";
import { drawKeptOverlay, keepOverlay } from "../../../../src/pipeline/picture/keep-overlay.ts";
import type { Picture } from "../../../../src/pipeline/picture/read-picture.ts";
import type { OverlayStore } from "../../../../src/storage/overlay-store.ts";
import { LinkSigner } from "../../../../src/storage/signed-link.ts";
import type { StoredFile } from "../../../../src/storage/stored-file.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";
import { SMALL_PICTURE } from "../../../support/small-picture.ts";

const ANSWER = { entities: [], partial: false };
const picture = SMALL_PICTURE;

/** A store in memory that writes down what it is asked for. */
function storeOf(more: Partial<OverlayStore> = {}) {
  const calls: string[] = [];
  const write = (name: string) => async () => void calls.push(name);
  const store = {
    putPicture: write("putPicture"),
    putAnswer: write("putAnswer"),
    putPng: write("putPng"),
    delete: write("delete"),
    getPng: async () => null,
    getSource: async () => null,
    ...more,
  };
  return { calls, overlays: store as unknown as OverlayStore };
}

/** The link that a request gets, and what its store was asked for when all is over. */
async function keep(sent: Picture, overlays: OverlayStore, caller = new AbortController(), turner = false) {
  const behind: Promise<unknown>[] = [];
  const models = turner ? { picture: [modelOf<"picture">(() => ({}))] } : {};
  const link = await inRun(
    deploymentOf(models, { overlays, links: new LinkSigner("key") }),
    (run) => keepOverlay(sent, run).link(ANSWER),
    { store: true, signal: caller.signal, waitUntil: (work) => behind.push(work) },
  );
  await Promise.all(behind);
  return link;
}

describe("keepOverlay", () => {
  test("stores the picture and the answer, and gives a link to the request's drawing", async () => {
    const { calls, overlays } = storeOf();
    expect(await keep(picture, overlays)).toMatch(/^https:\/\/namesight\.test\/v1\/overlays\/public\/req_test\.png\?/);
    expect(calls).toEqual(["putPicture", "putAnswer"]);
  });

  test("gives no link, and deletes what it stored, when the caller has left", async () => {
    const caller = new AbortController();
    const { calls, overlays } = storeOf();
    overlays.putAnswer = async () => {
      calls.push("putAnswer");
      caller.abort();
    };
    expect(await keep(picture, overlays, caller)).toBeNull();
    expect(calls).toEqual(["putPicture", "putAnswer", "delete"]);
  });

  test("gives no link when the store has not answered by the end of the run", async () => {
    const caller = new AbortController();
    const [asked, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const putPicture = () => {
      asked.resolve();
      return written.promise;
    };
    const { calls, overlays } = storeOf({ putPicture });
    const link = keep(picture, overlays, caller);
    await asked.promise;
    caller.abort();
    await Promise.resolve();
    written.resolve();
    expect(await link).toBeNull();
    expect(calls).toContain("delete");
  });

  test("stores nothing when the picture must be converted and no model does that", async () => {
    const { calls, overlays } = storeOf();
    expect(await keep({ ...picture, drawable: false }, overlays)).toBeNull();
    expect(await keep({ ...picture, orientation: 6 }, overlays)).toBeNull();
    expect(calls).toEqual([]);
    expect(await keep({ ...picture, drawable: false }, overlays, undefined, true)).not.toBeNull();
  });
});

describe("drawKeptOverlay", () => {
  test("gives the drawing of another request that deletes the source meanwhile", async () => {
    const png = { body: new Blob(["png"]).stream() as StoredFile["body"], size: 3 };
    const found = [null, png];
    const { overlays } = storeOf({ getPng: async () => found.shift() ?? null });
    expect(await inRun(deploymentOf({}, { overlays }), (run) => drawKeptOverlay("req_1", run))).toEqual(png);
  });

  test("is null when nothing is kept", async () => {
    const { overlays } = storeOf();
    expect(await inRun(deploymentOf({}, { overlays }), (run) => drawKeptOverlay("req_1", run))).toBeNull();
  });
});
