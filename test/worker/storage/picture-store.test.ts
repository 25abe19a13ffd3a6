import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { PictureStore, picturePath } from "../../../src/storage/picture-store.ts";

const store = () => new PictureStore(env.PICTURES);

describe("PictureStore", () => {
  test("returns the bytes, the size and the type that were put", async () => {
    await store().put("one", Uint8Array.of(1, 2, 3), "image/png");
    const picture = await store().get("one");
    expect([picture?.size, picture?.type]).toEqual([3, "image/png"]);
    expect(new Uint8Array(await new Response(picture?.body).arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("returns null for an id that was never put or was deleted", async () => {
    await store().put("two", Uint8Array.of(1), "image/png");
    await store().put("three", Uint8Array.of(1), "image/png");
    await store().delete(["two", "never"]);
    expect(await store().get("two")).toBeNull();
    expect(await store().get("never")).toBeNull();
    const { body } = (await store().get("three")) ?? {};
    await body?.cancel();
    expect(body).toBeDefined();
  });

  test("keeps pictures under pictures/, which the lifecycle rule names", async () => {
    await store().put("four", Uint8Array.of(1), "image/png");
    expect((await env.PICTURES.list({ prefix: "pictures/four" })).objects.map(({ key }) => key)).toEqual([
      "pictures/four",
    ]);
  });
});

test("picturePath is the path of the route", () => {
  expect(picturePath("abc")).toBe("/v1/pictures/abc");
});
