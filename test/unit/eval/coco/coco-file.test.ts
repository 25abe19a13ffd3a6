import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cocoOf, notesOf } from "../../../../eval/coco/coco-file.ts";
import { rleOf } from "../../../../schemas/polygon.ts";
import type { RleMask } from "../../../../schemas/primitives.ts";
import { rleArea } from "../../../../schemas/rle.ts";
import { drawnMasks } from "../../../support/drawn-masks.ts";
import { proposed } from "../../../support/proposed.ts";
import { drawn } from "../../../support/rle.ts";

const one = (mask: RleMask) => proposed({ "7": [{ text: "Ted", type: "PER", mask }] });
const RING = drawn("......", ".####.", ".#..#.", ".#..#.", ".####.", "......");
const TWO = drawn("##....", "##....", "......", "....##", "....##");

describe("cocoOf", () => {
  // The values of rleEncode, rleToString, rleArea and rleToBbox of cocodataset/cocoapi, common/maskApi.c, worked out
  // from its source for these pixels.
  it.each([
    ["a ring", RING, "742M000000035", 12, [1, 1, 4, 4]],
    ["two squares", TWO, "0230=0C0", 8, [0, 0, 6, 5]],
    ["the first and the last pixel", drawn("#..", "...", "..#"), "0170", 2, [0, 0, 3, 3]],
    ["every pixel", drawn("###", "###"), "06", 6, [0, 0, 3, 2]],
    ["whole columns", drawn("#.#.", "#.#.", "#.##"), "0330ON", 7, [0, 0, 4, 3]],
  ])("has RLE, area and bbox as pycocotools has them: %s", (_, mask, counts, area, bbox) => {
    const [annotation] = cocoOf(one(mask), "rle").annotations;
    expect(annotation).toMatchObject({ segmentation: { size: mask.size, counts }, area, bbox, iscrowd: 0 });
    expect(cocoOf(one(mask), "polygon").annotations[0]).toMatchObject({ area, bbox, iscrowd: 0 });
  });

  it("has the fields of COCO's format, with ids and categories from 1", () => {
    const coco = cocoOf(
      proposed({
        "7": [
          { text: "Ted", type: "PER", mask: drawn("#.") },
          { text: "ESA", type: "ORG", mask: drawn(".#") },
        ],
        "8": [{ text: "Bob", type: "PER", mask: drawn("###", "###") }],
      }),
      "polygon",
    );
    expect(coco).toEqual({
      info: { description: expect.any(String), version: "1", without_proposal: [] },
      licenses: [],
      images: [
        { id: 1, file_name: "7.jpg", height: 1, width: 2 },
        { id: 2, file_name: "8.jpg", height: 2, width: 3 },
      ],
      categories: [
        { id: 1, name: "ORG", supercategory: "" },
        { id: 2, name: "PER", supercategory: "" },
      ],
      annotations: [
        {
          ...{ id: 1, image_id: 1, category_id: 2, iscrowd: 0, area: 1, bbox: [0, 0, 1, 1] },
          segmentation: [[1, 0, 1, 1, 0, 1, 0, 0]],
          attributes: {
            ...{ link: "7/0/0", post_id: "7", entity: "Ted", type: "PER", start: 0, end: 1 },
            ...{ box_index: 0, box: "0 0 1 1" },
          },
        },
        expect.objectContaining({ id: 2, image_id: 1, category_id: 1 }),
        expect.objectContaining({ id: 3, image_id: 2, category_id: 2, bbox: [0, 0, 3, 2] }),
      ],
    });
  });

  it("has the gold box in the attributes, and not in bbox; and no start and end where gold has none", () => {
    const { pictures, proposals, version } = proposed({
      "7": [{ text: "Ted", type: "PER", mask: TWO, box: [0.5, -3, 60, 5] }],
    });
    const entities = [{ index: 0, type: "PER", start: null, end: null }];
    const file = { version, pictures, proposals: proposals.map((proposal) => ({ ...proposal, entities })) };
    const [annotation] = cocoOf(file, "rle").annotations;
    expect(annotation?.bbox).toEqual([0, 0, 6, 5]);
    expect(annotation?.attributes).toEqual({
      ...{ link: "7/0/0", post_id: "7", entity: "Ted", type: "PER", box_index: 0, box: "0.5 -3 60 5" },
    });
  });

  it("invents no annotation for a box without a mask, and lists it", () => {
    const file = proposed({
      "7": [
        { text: "Ted", type: "PER", mask: null, box: [1, 2, 3, 4] },
        { text: "ESA", type: "ORG", mask: TWO },
      ],
    });
    const coco = cocoOf(file, "polygon");
    expect(coco.annotations.map(({ id, attributes }) => [id, attributes.link])).toEqual([[1, "7/1/0"]]);
    expect(coco.info.without_proposal).toEqual([
      { link: "7/0/0", entity: "Ted", type: "PER", box: [1, 2, 3, 4], reason: "no_mask" },
    ]);
    expect(coco.categories.map(({ name }) => name)).toEqual(["ORG", "PER"]);
    expect(notesOf(coco, file, "polygon")[0]).toBe("1 boxes have no proposal: info.without_proposal lists them");
  });

  it("gives every mask back from its polygons: holes are not filled, and no part is lost", () => {
    fc.assert(
      fc.property(drawnMasks, ({ mask }) => {
        fc.pre(rleArea(mask) > 0);
        const [annotation] = cocoOf(one(mask), "polygon").annotations;
        const segmentation = annotation?.segmentation as number[][];
        expect(rleOf({ size: mask.size, segmentation })).toEqual(mask);
        for (const ring of segmentation) expect(ring.length >= 6 && ring.length % 2 === 0).toBe(true);
      }),
    );
  });
});

describe("notesOf", () => {
  const notes = (form: "polygon" | "rle") => {
    const file = proposed({
      "7": [
        { text: "a", type: "PER", mask: RING },
        { text: "b", type: "PER", mask: drawn("#....#", "......", "......", "......", "......", "......") },
      ],
    });
    return notesOf(cocoOf(file, form), file, form);
  };

  it("counts holes and parts of polygons, and says what RLE is for", () => {
    expect(notes("polygon")).toEqual([
      expect.stringMatching(/^1 masks have holes\./),
      expect.stringMatching(/^1 masks have several parts\. Label Studio/),
    ]);
    expect(notes("rle")).toEqual([expect.stringMatching(/^2 masks are RLE: .*Label Studio cannot read the file$/)]);
  });

  it("says nothing of masks without either", () => {
    const file = one(drawn("##", "##"));
    expect(notesOf(cocoOf(file, "polygon"), file, "polygon")).toEqual([]);
  });
});
