import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { toDataUrl } from "../../../src/image/data-url.ts";
import { PictureRef } from "../../../src/stages/picture-ref.ts";

const SIZE = { width: 4, height: 3 };

/** A picture of so many bytes whose run can link it or not, and what the run was asked for. */
function pictureOf(bytes = 3, link: string | null = "https://namesight.test/p") {
  const links: number[] = [];
  const cleanups: Array<() => Promise<unknown>> = [];
  const host = {
    link: async (data: Uint8Array) => {
      links.push(data.length);
      return link;
    },
    atEnd: (cleanup: () => Promise<unknown>) => void cleanups.push(cleanup),
  };
  const data = { bytes: new Uint8Array(bytes).fill(7), type: "image/png", size: SIZE, orientation: 1 };
  return { picture: new PictureRef(data, host), links, cleanups };
}

/** Work that a test ends, and how many of it run at a time. */
function gated() {
  let running = 0;
  let most = 0;
  const ends: Array<() => void> = [];
  const work = () =>
    new Promise<void>((resolve) => {
      running++;
      most = Math.max(most, running);
      ends.push(() => {
        running--;
        resolve();
      });
    });
  return { work, ends, most: () => most };
}

describe("the source of a picture", () => {
  test("is its link when models can follow one, made once", async () => {
    const { picture, links } = pictureOf();
    const sources = await Promise.all([1, 2, 3].map(() => picture.withSource(async (source) => source)));
    expect(new Set(sources)).toEqual(new Set(["https://namesight.test/p"]));
    expect(links).toEqual([3]);
  });

  test("is its data URL when the run has no link", async () => {
    const { picture } = pictureOf(3, null);
    expect(await picture.withSource(async (source) => source)).toBe(toDataUrl(picture.bytes, "image/png"));
  });

  test("is its data URL when the model cannot follow links, and no link is made", async () => {
    const { picture, links } = pictureOf();
    const source = await picture.withoutLinks().withSource(async (given) => given);
    expect(source).toBe(toDataUrl(picture.bytes, "image/png"));
    expect(links).toEqual([]);
  });
});

describe("exclusively", () => {
  test("runs one work at a time when the picture is long, for every reference to it", async () => {
    const { picture } = pictureOf(LIMITS.inlineAloneBytes + 1);
    const { work, ends, most } = gated();
    const all = [picture.exclusively(work), picture.withoutLinks().exclusively(work), picture.exclusively(work)];
    for (let ended = 0; ended < all.length; ended++) {
      await new Promise((resolve) => setTimeout(resolve));
      ends[ended]?.();
    }
    await Promise.all(all);
    expect(most()).toBe(1);
  });

  test("runs all at once when the picture is short", async () => {
    const { picture } = pictureOf(LIMITS.inlineAloneBytes);
    const { work, ends, most } = gated();
    const all = [picture.exclusively(work), picture.exclusively(work)];
    for (const end of ends) end();
    await Promise.all(all);
    expect(most()).toBe(2);
  });

  test("goes on to the next work when one fails", async () => {
    const { picture } = pictureOf(LIMITS.inlineAloneBytes + 1);
    await expect(picture.exclusively(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await picture.exclusively(async () => "next")).toBe("next");
  });
});

describe("once", () => {
  test("makes a thing one time for all who ask, and undoes it when the run ends", async () => {
    const { picture, cleanups } = pictureOf();
    let made = 0;
    const undone: number[] = [];
    const make = async () => ++made;
    const undo = async (thing: number) => undone.push(thing);
    const things = [picture.once("a", make, undo), picture.withoutLinks().once("a", make, undo)];
    expect(await Promise.all(things)).toEqual([1, 1]);
    expect(undone).toEqual([]);
    await Promise.all(cleanups.map((cleanup) => cleanup()));
    expect(undone).toEqual([1]);
  });

  test("makes another thing when the key is another", async () => {
    const { picture } = pictureOf();
    expect(await picture.once("a", async () => "a")).toBe("a");
    expect(await picture.once("b", async () => "b")).toBe("b");
  });

  test("makes a thing again when it failed, and undoes nothing that failed", async () => {
    const { picture, cleanups } = pictureOf();
    const fail = () => Promise.reject(new Error("no"));
    let undone = 0;
    await expect(picture.once("a", fail, async () => undone++)).rejects.toThrow("no");
    for (const cleanup of cleanups) await cleanup();
    expect(undone).toBe(0);
    expect(await picture.once("a", async () => "made")).toBe("made");
  });
});
