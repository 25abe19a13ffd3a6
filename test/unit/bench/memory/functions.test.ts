import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { benchFunctions, pictureMaker, summariseResident } from "../../../../bench/memory/functions.ts";

describe("pictureMaker", () => {
  it("makes pictures of every size and format, no two with equal bytes", async () => {
    const photo = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#8090a0" } })
      .png()
      .toBuffer();
    const make = pictureMaker([photo], [4, 16]);
    const pictures = await Promise.all(Array.from({ length: 12 }, (_, index) => make(index)));
    const kinds = await Promise.all(
      pictures.map(async ({ bytes, side }) => {
        const { width, height, format } = await sharp(bytes).metadata();
        expect([width, height]).toEqual([side, side]);
        return `${side} ${format}`;
      }),
    );
    expect(new Set(kinds)).toEqual(new Set(["4 jpeg", "4 png", "4 webp", "16 jpeg", "16 png", "16 webp"]));
    expect(new Set(pictures.map(({ bytes }) => bytes.toString("base64"))).size).toBe(12);
  });
});

describe("summariseResident", () => {
  it("gives the highest value of each half", () => {
    expect(summariseResident(100, [300, 500, 400, 450])).toEqual({
      start_mb: 100,
      first_half_mb: 500,
      second_half_mb: 450,
      end_mb: 450,
    });
  });
});

describe("benchFunctions", () => {
  it("returns 2 when no functions run", async () => {
    expect(await benchFunctions([], undefined)).toBe(2);
  });
});
