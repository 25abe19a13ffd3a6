import { describe, expect, it } from "vitest";
import { drawLettering } from "../../../../eval/pictures/lettering.ts";
import { rleArea, rleBounds, rleDifference } from "../../../../schemas/rle.ts";

const CANVAS = { width: 300, height: 120 };
const LAYER = { print: "HOHE", x: 20, y: 10, size: 60, colour: "#ffffff" };

describe("drawLettering", () => {
  it("starts letters at x and sets capitals as high as DejaVu Sans Bold has them", async () => {
    const { letters, plate } = await drawLettering(LAYER, CANVAS);
    const bounds = rleBounds(letters);
    expect(plate).toBeNull();
    expect(bounds?.xmin).toBe(20);
    // A capital is 0.729 of the size high; an O reaches a little further on both sides.
    expect((bounds?.ymax ?? 0) - (bounds?.ymin ?? 0)).toBeGreaterThanOrEqual(44);
    expect((bounds?.ymax ?? 0) - (bounds?.ymin ?? 0)).toBeLessThanOrEqual(48);
  });

  it("keeps letters on their plate, whose corner is x and y, also when both are turned", async () => {
    const straight = await drawLettering({ ...LAYER, background: "#000000" }, CANVAS);
    expect(straight.plate && rleBounds(straight.plate)).toMatchObject({ xmin: 20, ymin: 10 });
    for (const rotate of [0, 7, -12, 90]) {
      const drawn = await drawLettering({ ...LAYER, size: 24, background: "#000000", rotate }, CANVAS);
      expect(rleArea(drawn.letters)).toBeGreaterThan(300);
      expect(drawn.plate && rleArea(rleDifference(drawn.letters, drawn.plate))).toBe(0);
    }
  });

  it("counts a pixel as a letter's when the letter covers half of it or more", async () => {
    const { coverage, letters } = await drawLettering(LAYER, CANVAS);
    expect(rleArea(letters)).toBe(coverage.filter((alpha) => alpha >= 128).length);
  });

  it("draws the characters that SVG gives a meaning", async () => {
    expect(rleArea((await drawLettering({ ...LAYER, print: "<&>" }, CANVAS)).letters)).toBeGreaterThan(500);
  });

  it("refuses a print without a mark", async () => {
    await expect(drawLettering({ ...LAYER, print: " " }, CANVAS)).rejects.toThrow(RangeError);
  });
});
