import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { composePicture, type Sources } from "../../../../eval/pictures/compose.ts";
import type { Layer } from "../../../../eval/pictures/recipe.ts";
import { rleArea, rleBounds, rleShared } from "../../../../schemas/rle.ts";
import { decodeRle } from "../../../support/rle.ts";

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const SIZE = { width: 20, height: 20 };
const folder = mkdtempSync(join(tmpdir(), "namesight-compose-"));
mkdirSync(join(folder, "photos"));
mkdirSync(join(folder, "masks"));
for (const [name, [r = 0, g = 0, b = 0]] of Object.entries({ red: RED, blue: BLUE })) {
  await sharp({ create: { ...SIZE, channels: 3, background: { r, g, b } } }).toFile(join(folder, `photos/${name}.png`));
}
const diamond = [[[10, 0], [20, 10], [10, 20], [0, 10]]]; // biome-ignore format: corners side by side
writeFileSync(join(folder, "masks/diamond.json"), JSON.stringify({ size: [20, 20], polygons: diamond }));
const box = { xmin: 0, ymin: 0, xmax: 20, ymax: 20 };
const SOURCES: Sources = {
  folder,
  subjects: {
    red: { photo: "photos/red.png", type: "PER", box, mask: "masks/diamond.json" },
    blue: { photo: "photos/blue.png", type: "OTHER", box, mask: "masks/diamond.json" },
    bare: { photo: "photos/blue.png", type: "PER", box: { xmin: 2.5, ymin: 0, xmax: 20, ymax: 20 } },
  },
};
afterAll(() => rmSync(folder, { recursive: true }));

/** A picture of layers, what can be seen of them by their ids. */
async function compose(layers: Layer[]) {
  const composed = await composePicture({ width: 40, height: 30, colour: "#808080", layers }, "png", SOURCES);
  return { ...composed, layers: new Map(composed.layers.map((layer) => [layer.id, layer])) };
}

/** Whether each pixel of a picture has a colour, row by row. */
async function hasColour(bytes: Buffer, colour: readonly number[]): Promise<boolean[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: info.width * info.height }, (_, pixel) =>
    colour.every((value, channel) => data[3 * pixel + channel] === value),
  );
}

const cut = (subject: string, x: number, y: number, height: number): Layer => ({
  id: subject,
  subject,
  cut: true,
  x,
  y,
  height,
});

describe("composePicture", () => {
  it("draws exactly the pixels of each mask, and takes those in front away from those behind", async () => {
    const place = fc.tuple(
      fc.integer({ min: -10, max: 35 }),
      fc.integer({ min: -10, max: 25 }),
      fc.integer({ min: 4, max: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(place, place, async (red, blue) => {
        const { bytes, layers } = await compose([cut("red", ...red), cut("blue", ...blue)]);
        for (const [id, colour] of [
          ["red", RED],
          ["blue", BLUE],
        ] as const) {
          // biome-ignore format: pairs
          const layer = layers.get(id);
          const drawn = await hasColour(bytes, colour);
          if (layer?.mask) expect([...decodeRle(layer.mask)].map(Boolean)).toEqual(drawn);
          else expect(drawn.some(Boolean)).toBe(false);
          expect(layer?.box).toEqual(layer?.mask ? rleBounds(layer.mask) : null);
        }
        const [front, behind] = [layers.get("blue")?.mask, layers.get("red")?.mask];
        if (front && behind) expect(rleShared(front, behind)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same bytes for the same recipe", async () => {
    const layers = [cut("red", 3, 2, 25), { print: "Ana", x: 1, y: 1, size: 12, colour: "#ffffff" }];
    expect((await compose(layers)).bytes.equals((await compose(layers)).bytes)).toBe(true);
  });

  it("gives a subject without a mask its box, less the sides that a layer in front hides", async () => {
    const bare: Layer = { id: "bare", subject: "bare", cut: false, x: 0, y: 0, height: 20 };
    expect((await compose([bare])).layers.get("bare")).toMatchObject({ mask: null, box: { xmin: 2.5, xmax: 20 } });
    const photo: Layer = { photo: "photos/red.png", x: 12, y: 0, height: 20 };
    expect((await compose([bare, photo])).layers.get("bare")?.box).toEqual({ ...box, xmin: 2.5, xmax: 12 });
    expect((await compose([bare, { ...photo, x: 0 }])).layers.get("bare")).toMatchObject({ box: null, mask: null });
  });

  it("says that two subjects overlap when their masks do, though one hides the other there", async () => {
    const overlaps = async (x: number) =>
      [...(await compose([cut("red", 0, 0, 20), cut("blue", x, 0, 20)])).layers.values()].map(
        (layer) => layer.overlaps,
      );
    expect(await overlaps(15)).toEqual([true, true]);
    expect(await overlaps(20)).toEqual([false, false]);
  });

  it("tells of subjects and prints what they are, with an id or without, and not of backgrounds", async () => {
    const print = { print: "I", x: 4, y: 4, size: 12, colour: "#ffffff" };
    const layers = [{ photo: "photos/red.png", x: 0, y: 0, width: 9 }, cut("blue", 0, 0, 20), print];
    const composed = await composePicture({ width: 40, height: 30, colour: "#808080", layers }, "png", SOURCES);
    expect(composed.layers.map(({ id, kind }) => [id, kind])).toEqual([
      ["blue", "OTHER"],
      [null, "print"],
    ]);
  });

  it("takes bare letters away from nothing, and a plate from what it lies on", async () => {
    const sign = { id: "sign", print: "II", x: 4, y: 4, size: 12, colour: "#ffffff" };
    const bare = await compose([cut("red", 0, 0, 30), sign]);
    const plated = await compose([cut("red", 0, 0, 30), { ...sign, background: "#000000" }]);
    const area = ({ layers }: typeof bare) => rleArea(layers.get("red")?.mask ?? { size: [1, 1], counts: "1" });
    expect(area(plated)).toBeLessThan(area(bare));
    expect(bare.layers.get("sign")?.box).not.toBeNull();
    expect((await hasColour(bare.bytes, [255, 255, 255])).some(Boolean)).toBe(true);
  });

  it("refuses a cut-out without a mask, a subject that is not listed, and an id twice", async () => {
    await expect(compose([cut("bare", 0, 0, 20)])).rejects.toThrow("cannot be cut out: bare");
    await expect(compose([cut("green", 0, 0, 20)])).rejects.toThrow("green");
    await expect(compose([cut("red", 0, 0, 20), cut("red", 9, 0, 20)])).rejects.toThrow("two layers have the id red");
  });

  it("writes JPEG when the post asks for it", async () => {
    const picture = { width: 40, height: 30, colour: "#808080", layers: [cut("red", 0, 0, 20)] };
    const { bytes, mediaType, size } = await composePicture(picture, "jpeg", SOURCES);
    expect([mediaType, bytes[0], bytes[1]]).toEqual(["image/jpeg", 0xff, 0xd8]);
    expect(size).toEqual({ width: 40, height: 30 });
  });
});
