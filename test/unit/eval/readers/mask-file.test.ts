import { describe, expect, it } from "vitest";
import { MASK_FIELDS, readMaskFile } from "../../../../eval/readers/mask-file.ts";

const labelMe = (shape: object) => ({ imageHeight: 4, imageWidth: 4, shapes: [shape] });

describe("readMaskFile", () => {
  it.each([
    [
      "corners",
      [
        [1, 1],
        [3, 1],
        [3, 3],
        [1, 3],
      ],
    ],
    ["a flat ring", [1, 1, 3, 1, 3, 3, 1, 3]],
    [
      "a list of rings",
      [
        [1, 1, 3, 1, 3, 2, 1, 2],
        [1, 2, 3, 2, 3, 3, 1, 3],
      ],
    ],
  ])("reads a polygon as %s", (_, points) => {
    expect(readMaskFile(labelMe({ label: "Ted", points }), MASK_FIELDS)).toEqual([
      { name: "Ted", mask: { size: [4, 4], counts: "52203" } },
    ]);
  });

  it.each([
    ["compressed", { size: [4, 4], counts: "52203" }],
    ["uncompressed", { size: [4, 4], counts: [5, 2, 2, 2, 5] }],
  ])("reads COCO's RLE, %s", (_, segmentation) => {
    expect(readMaskFile(labelMe({ label: "Ted", segmentation }), MASK_FIELDS)[0]?.mask.counts).toBe("52203");
  });

  it("reads fields by the paths that it is given", () => {
    const content = { info: { h: 4, w: 4 }, objects: [{ what: { name: "Ted" }, outline: [1, 1, 3, 1, 3, 3, 1, 3] }] };
    const fields = {
      ...MASK_FIELDS,
      objects: "objects",
      name: "what.name",
      polygon: "outline",
      height: "info.h",
      width: "info.w",
    };
    expect(readMaskFile(content, fields)).toHaveLength(1);
  });

  it.each([
    [
      { objects: [{ category: "Ted" }] },
      "it has no list shapes (--mask-fields objects=PATH); it has {objects: [{category: string}, …]}",
    ],
    [labelMe({ category: "Ted" }), "object 1 has no label (--mask-fields name=PATH); it has {category: string}"],
    [
      labelMe({ label: "Ted", outline: [1] }),
      "object 1 has no points (--mask-fields polygon=PATH); it has {label: string, outline: [number, …]}",
    ],
    [
      { shapes: [{ label: "Ted", points: [1, 1, 3, 1, 3, 3] }], info: { height: 4 } },
      "object 1 has no imageHeight (--mask-fields height=PATH); it has {shapes: [{label: string, points: [number, …]}, …], info: {height: number}}",
    ],
  ])("says what it found where a field is not there", (content, message) => {
    expect(() => readMaskFile(content, MASK_FIELDS)).toThrow(message);
  });
});
