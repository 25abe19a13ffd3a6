import { describe, expect, test } from "vitest";
import { GrabCut } from "../../../functions/segmentation/grabcut.ts";

describe("GrabCut", () => {
  const job = {
    pixels: new Uint8Array(3 * 256),
    trimap: Uint8Array.from({ length: 256 }, (_, cell) => (cell % 16 < 8 ? 0 : 3)),
    width: 16,
    height: 16,
    iterations: 1,
  };
  const script = (name: string) => new URL(`../../support/grabcut/${name}.ts`, import.meta.url);

  test("fails the cut when its worker crashes, and starts a new worker for the next", async () => {
    const grabCut = new GrabCut(5_000, script("crashes"));
    await expect(grabCut.cut(job)).rejects.toThrow("the worker ended with code 3");
    await expect(grabCut.cut(job)).rejects.toThrow("the worker ended with code 3");
    await grabCut.close();
  });

  test("gives up when its worker hangs", async () => {
    const grabCut = new GrabCut(50, script("hangs"));
    await expect(grabCut.cut(job)).rejects.toThrow();
    await grabCut.close();
  });

  test("takes the next job when one was refused", async () => {
    const grabCut = new GrabCut();
    await expect(grabCut.cut({ ...job, width: 0, height: 0 })).rejects.toThrow("GrabCut refused");
    expect(await grabCut.cut(job)).toHaveLength(256);
    await grabCut.close();
  });

  test("gives the same cut when it is asked again", async () => {
    const grabCut = new GrabCut();
    const pixels = Uint8Array.from({ length: 3 * 256 }, (_, index) => (index * 89 + (index >> 4)) & 0xff);
    const cut = () => grabCut.cut({ ...job, pixels, iterations: 3 });
    const first = await cut();
    expect(await cut()).toEqual(first);
    await grabCut.close();
  });
});
