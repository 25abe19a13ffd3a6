import { readFileSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import type { RleMask } from "../../../../schemas/primitives.ts";
import { columnRuns } from "../../../../schemas/rle.ts";
import { drawPng } from "../../../../src/image/overlay/draw-png.ts";
import { contrast, distance, labOf, luminance } from "../../../support/colour-vision.ts";
import { entityOf, maskWhere, regionOf } from "../../../support/overlay-entity.ts";
import { allFonts, initRenderer } from "../../../support/overlay-font.ts";

const SIZE = { width: 512, height: 512 };
const PHOTO = readFileSync("examples/photos/astronaut.png");
/** A disc on the astronaut's orange suit: nothing of the photo has an edge where its edge is. */
const DISC = maskWhere(SIZE, (x, y) => Math.hypot(x - 105, y - 400) < 32);
const EMPTY = regionOf("r1", [0, 0, 1, 1]);

interface Pixels {
  readonly width: number;
  at(x: number, y: number): readonly [number, number, number];
}

async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const level = (x: number, y: number, channel: number) => data[3 * (y * info.width + x) + channel] ?? 0;
  return { width: info.width, at: (x, y) => [level(x, y, 0), level(x, y, 1), level(x, y, 2)] };
}

/** The photo with the disc as the mask of the entity that is drawn as number `index`. */
function drawn(index: number, mask: RleMask): Promise<Pixels> {
  const others = Array.from({ length: index }, (_, at) => entityOf(`e${at}`, `${at}`, "OTHER", true, [EMPTY]));
  const shown = entityOf("e9", "Suit", "OTHER", true, [regionOf("r9", [400, 0, 500, 50], mask)]);
  const picture = `data:image/png;base64,${PHOTO.toString("base64")}`;
  return pixelsOf(drawPng({ picture, size: SIZE, entities: [...others, shown], partial: false }, allFonts));
}

beforeAll(initRenderer);

/** The share of the points along the disc's edge near which two pixels have a contrast of 3:1 (WCAG 2.2, 1.4.11). */
function edgeShown({ at }: Pixels): number {
  const angles = Array.from({ length: 180 }, (_, index) => (index * Math.PI) / 90);
  const shown = angles.filter((angle) => {
    const levels = Array.from({ length: 13 }, (_, step) => {
      const radius = 32 + (step - 6) / 2;
      return luminance(at(Math.round(105 + radius * Math.cos(angle)), Math.round(400 + radius * Math.sin(angle))));
    });
    return contrast(Math.max(...levels), Math.min(...levels)) >= 3;
  });
  return shown.length / angles.length;
}

/** The median distance in CIELAB between the pixels of the mask in two pictures, without the outline. */
function tintShown(a: Pixels, b: Pixels): number {
  const distances = [...columnRuns(DISC)].flatMap(({ x, top, bottom }) =>
    Array.from({ length: bottom - top }, (_, index) => top + index)
      .filter((y) => Math.hypot(x - 105, y - 400) < 27)
      .map((y) => distance(labOf(a.at(x, y)), labOf(b.at(x, y)))),
  );
  return distances.sort((one, other) => one - other)[Math.floor(distances.length / 2)] ?? 0;
}

describe("the mask of a region on an orange suit", () => {
  test("has no edge there in the photo itself", async () => {
    expect(edgeShown(await pixelsOf(PHOTO))).toBeLessThan(0.25);
  });

  test.each(Array.from({ length: 8 }, (_, index) => index))(
    "shows by its outline and its tint in style %i",
    async (index) => {
      const [photo, overlay] = [await pixelsOf(PHOTO), await drawn(index, DISC)];
      expect(edgeShown(overlay)).toBeGreaterThan(0.98);
      // Twice the distance of 5 at which two colours side by side are plainly not the same.
      expect(tintShown(photo, overlay)).toBeGreaterThan(10);
    },
  );
});
