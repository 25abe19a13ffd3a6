import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanMask, components } from "../../../../functions/segmentation/components.ts";

/** Cells drawn with characters: "#" is 1. */
function drawn(...rows: string[]) {
  const size = { width: rows[0]?.length ?? 0, height: rows.length };
  return { size, mask: Uint8Array.from(rows.join(""), (character) => Number(character === "#")) };
}

const masks = fc.integer({ min: 1, max: 12 }).chain((width) =>
  fc
    .array(fc.array(fc.constantFrom("#", "."), { minLength: width, maxLength: width }), {
      minLength: 1,
      maxLength: 12,
    })
    .map((rows) => drawn(...rows.map((row) => row.join("")))),
);

describe("components", () => {
  it("separates parts that touch only at a corner", () => {
    const { mask, size } = drawn("#.", ".#");
    expect(components(mask, size, 1)).toHaveLength(2);
  });

  it("tells a hole from a part that touches the border", () => {
    const { mask, size } = drawn("#####", "#...#", "#####");
    expect(components(mask, size, 0)).toMatchObject([{ cells: { length: 3 }, touchesBorder: false }]);
    expect(components(mask, size, 1)).toMatchObject([{ touchesBorder: true }]);
  });

  it("holds every cell of the value exactly once", () => {
    fc.assert(
      fc.property(masks, fc.constantFrom<0 | 1>(0, 1), ({ mask, size }, value) => {
        const cells = components(mask, size, value).flatMap((part) => [...part.cells]);
        expect(cells.toSorted((a, b) => a - b)).toEqual([...mask.keys()].filter((cell) => mask[cell] === value));
      }),
    );
  });
});

describe("cleanMask", () => {
  it("drops a part when it is smaller than a tenth of the largest", () => {
    const { mask, size } = drawn("##########.#", "##########..");
    expect([...cleanMask(mask, size)]).toEqual([...drawn("##########..", "##########..").mask]);
  });

  it("fills a hole when it is smaller than a fiftieth of the mask, and keeps a larger one", () => {
    const rows = Array.from({ length: 10 }, () => "##########");
    const withHole = (width: number) =>
      drawn(...rows.map((row, y) => (y === 5 ? `####${".".repeat(width)}######`.slice(0, 10) : row)));
    const small = withHole(1);
    expect(cleanMask(small.mask, small.size).every(Boolean)).toBe(true);
    const large = withHole(3);
    expect([...cleanMask(large.mask, large.size)]).toEqual([...large.mask]);
  });

  it("keeps an empty mask empty", () => {
    const { mask, size } = drawn("...", "...");
    expect([...cleanMask(mask, size)]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
