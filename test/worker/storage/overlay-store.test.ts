import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { OverlayStore, overlayPath } from "../../../src/storage/overlay-store.ts";

const store = () => new OverlayStore(env.MASKS);
const PICTURE = {
  bytes: Uint8Array.of(1, 2, 3),
  type: "image/jpeg",
  size: { width: 30, height: 20 },
  orientation: 6,
  sha256: "abc",
  drawable: true,
};
const ANSWER = { entities: [], partial: true };

const drawing = async (id: string) => {
  const png = await store().getPng("public", id);
  return png && new Uint8Array(await new Response(png.body).arrayBuffer());
};

describe("OverlayStore", () => {
  test("returns the picture and the answer as they were put", async () => {
    await store().putPicture("public", "req_1", PICTURE);
    await store().putAnswer("public", "req_1", ANSWER);
    expect(await store().getSource("public", "req_1")).toEqual({ picture: PICTURE, answer: ANSWER });
    expect(await store().getPng("public", "req_1")).toBeNull();
  });

  test("returns no source when the picture or the answer is missing, or for another account", async () => {
    await store().putPicture("public", "req_2", PICTURE);
    expect(await store().getSource("public", "req_2")).toBeNull();
    await store().putAnswer("public", "req_2", ANSWER);
    expect(await store().getSource("another", "req_2")).toBeNull();
  });

  test("replaces the source by the drawing", async () => {
    await store().putPicture("public", "req_3", PICTURE);
    await store().putAnswer("public", "req_3", ANSWER);
    await store().putPng("public", "req_3", Uint8Array.of(9));
    expect(await store().getSource("public", "req_3")).toBeNull();
    expect(await drawing("req_3")).toEqual(Uint8Array.of(9));
  });

  test("deletes everything of an overlay and nothing of another", async () => {
    for (const id of ["req_4", "req_5"]) {
      await store().putPicture("public", id, PICTURE);
      await store().putAnswer("public", id, ANSWER);
      await store().putPng("public", id, Uint8Array.of(9));
    }
    await store().delete("public", "req_4");
    expect((await env.MASKS.list({ prefix: "overlays/public/req_4/" })).objects).toEqual([]);
    expect(await drawing("req_5")).toEqual(Uint8Array.of(9));
  });
});

test("overlayPath is the path of the route", () => {
  expect(overlayPath("public", "req_1")).toBe("/v1/overlays/public/req_1.png");
});
