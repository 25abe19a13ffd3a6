import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { PictureSource } from "../../../../eval/training-sets/picture-source.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

/** 60 × 40, the left half red and the right half blue. */
async function halves(format: "jpeg" | "png", orientation?: number): Promise<Buffer> {
  const half = { width: 30, height: 40, channels: 3 } as const;
  const blue = await sharp({ create: { ...half, background: "#00f" } })
    .png()
    .toBuffer();
  const drawn = sharp({ create: { ...half, width: 60, background: "#f00" } }).composite([
    { input: blue, left: 30, top: 0 },
  ]);
  return drawn
    .withMetadata(orientation ? { orientation } : {})
    [format]()
    .toBuffer();
}

const sourceOf = (folder: string, ...names: string[]) =>
  new PictureSource(new Map(names.map((name) => [name.replace(/\..*/, ""), join(folder, name)])));

describe("PictureSource", () => {
  it("gives the bytes of an upright picture as they are", async () => {
    const [jpeg, png] = [await halves("jpeg"), await halves("png", 1)];
    const pictures = sourceOf(folderOf({ "7.jpg": jpeg, "8.png": png }), "7.jpg", "8.png");
    expect(await pictures.pictureOf("7", [])).toEqual({
      base64: jpeg.toString("base64"),
      width: 60,
      height: 40,
      isTurned: false,
    });
    expect(Buffer.from((await pictures.pictureOf("8", []))?.base64 ?? "", "base64").equals(png)).toBe(true);
    expect(pictures.facts).toEqual({ missing: [], broken: [], turned: [], too_small: [] });
  });

  it("turns a picture whose orientation is another, so that it decodes upright without EXIF", async () => {
    const pictures = sourceOf(folderOf({ "7.jpg": await halves("jpeg", 6) }), "7.jpg");
    const picture = await pictures.pictureOf("7", []);
    expect(picture).toMatchObject({ width: 40, height: 60, isTurned: true });
    const decoded = sharp(Buffer.from(picture?.base64 ?? "", "base64"));
    expect(await decoded.metadata()).toMatchObject({ format: "jpeg", width: 40, height: 60 });
    expect((await decoded.metadata()).orientation ?? 1).toBe(1);
    // Turned to the right by a quarter: what was left is on top.
    const pixels = await decoded.raw().toBuffer();
    const at = (x: number, y: number) =>
      [...pixels.subarray(3 * (y * 40 + x), 3 * (y * 40 + x) + 3)].map((v) => v > 127);
    expect([at(20, 5), at(20, 55)]).toEqual([
      [true, false, false],
      [false, false, true],
    ]);
    expect(pictures.facts.turned).toEqual(["7"]);
  });

  it("lists each post once whose picture is missing, broken, or smaller than its boxes", async () => {
    const whole = await halves("jpeg");
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    const broken = {
      "cut.jpg": whole.subarray(0, whole.length - 100),
      "text.jpg": "<html>",
      "no.jpg": "",
      "svg.jpg": svg,
    };
    const pictures = sourceOf(folderOf({ ...broken, "small.jpg": whole }), ...Object.keys(broken), "small.jpg");
    for (const id of ["none", "none", "cut", "text", "text", "no", "svg"])
      expect(await pictures.pictureOf(id, [])).toBeNull();
    expect(await pictures.pictureOf("small", [[0, 0, 60, 40]])).not.toBeNull();
    expect(pictures.facts.too_small).toEqual([]);
    await pictures.pictureOf("small", [[0, 0, 61, 40]]);
    await pictures.pictureOf("small", [
      [0, 0, 1, 1],
      [0, 0, 60, 41],
    ]);
    expect(pictures.facts).toEqual({
      missing: ["none"],
      broken: ["cut", "text", "no", "svg"],
      turned: [],
      too_small: ["small"],
    });
  });
});
