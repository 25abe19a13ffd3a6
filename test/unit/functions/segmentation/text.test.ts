import { describe, expect, it } from "vitest";
import { unclip } from "../../../../functions/segmentation/text.ts";

const SIZE = { width: 40, height: 20 };

function rectangle(left: number, top: number, right: number, bottom: number): Uint8Array {
  return Uint8Array.from({ length: 800 }, (_, cell) => {
    const [x, y] = [cell % 40, Math.floor(cell / 40)];
    return Number(x >= left && x < right && y >= top && y < bottom);
  });
}

describe("unclip", () => {
  it("grows a part by 1.5 × area / perimeter on every side", () => {
    // 12 × 4: 48 / 32 × 1.5 is 2.25, rounded to 2.
    expect([...unclip(rectangle(10, 8, 22, 12), SIZE)]).toEqual([...rectangle(8, 6, 24, 14)]);
  });

  it("grows each part by its own size", () => {
    const both = unclip(
      rectangle(10, 8, 22, 12).map((value, cell) => value || Number(cell === 0)),
      SIZE,
    );
    expect(both.filter(Boolean).length).toBe(16 * 8 + 1);
  });

  it("stops at the border, and keeps an empty mask empty", () => {
    expect([...unclip(rectangle(0, 0, 12, 4), SIZE)]).toEqual([...rectangle(0, 0, 14, 6)]);
    expect(unclip(new Uint8Array(800), SIZE).some(Boolean)).toBe(false);
  });
});
