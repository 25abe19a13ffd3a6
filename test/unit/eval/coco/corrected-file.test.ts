import { describe, expect, it } from "vitest";
import { maskOf, readCorrected } from "../../../../eval/coco/corrected-file.ts";
import { decompressCounts } from "../../../../schemas/rle.ts";
import { drawn } from "../../../support/rle.ts";

const RING = drawn("......", ".####.", ".#..#.", ".#..#.", ".####.", "......");
const file = (...annotations: object[]) => ({
  info: {},
  images: [{ id: 0, file_name: "images/7.jpg", width: 6, height: 6, license: 0 }],
  categories: [{ id: 0, name: "PER", supercategory: "" }],
  annotations: annotations.map((annotation) => ({ id: 4, image_id: 0, category_id: 0, iscrowd: 0, ...annotation })),
});
const read = (annotation: object) => readCorrected(file(annotation)).annotations.map((one) => maskOf(one, [6, 6]))[0];

describe("a segmentation", () => {
  it.each([
    ["compressed RLE", RING],
    ["uncompressed RLE", { size: [6, 6], counts: decompressCounts(RING.counts) }],
    ["RLE with empty runs", { size: [6, 6], counts: [7, 4, 2, 1, 2, 1, 2, 1, 2, 1, 2, 4, 7, 0, 0] }],
    ["a ring with a slit", [[1, 1, 5, 1, 5, 5, 2, 5, 2, 4, 4, 4, 4, 2, 2, 2, 2, 5, 1, 5]]],
    [
      "rings of parts",
      [
        [1, 1, 5, 1, 5, 2, 1, 2],
        [1, 4, 5, 4, 5, 5, 1, 5],
        [1, 1, 2, 1, 2, 5, 1, 5],
        [4, 1, 5, 1, 5, 5, 4, 5],
      ],
    ],
  ])("is read from %s", (_, segmentation) => {
    expect(read({ segmentation })).toEqual(RING);
  });

  it.each([
    ["one ring that stands alone", [0, 0, 2, 0, 2, 1, 0, 1]],
    ["fractions, by the centres of pixels", [[-0.4, -3, 1.6, -3, 1.6, 1.4, -0.4, 1.4]]],
    ["a ring and an empty one", [[], [0, 0, 2, 0, 2, 1, 0, 1]]],
  ])("is read from %s", (_, segmentation) => {
    expect(read({ segmentation })).toEqual(drawn("##....", "......", "......", "......", "......", "......"));
  });

  it.each([
    ["there is none", {}],
    ["it is null", { segmentation: null }],
    ["it is an empty list", { segmentation: [] }],
    ["it is a list of an empty list", { segmentation: [[]] }],
    ["no pixel's centre is inside", { segmentation: [[0, 0, 0.2, 0, 0.2, 0.2]] }],
    ["the RLE has no run", { segmentation: { size: [6, 6], counts: [36] } }],
  ])("is no mask when %s", (_, annotation) => {
    expect(read(annotation)).toBeNull();
  });

  it.each([
    ["a ring of two corners", [[0, 0, 1, 1]], "segmentation: 0: has 4 numbers, and a ring at least the 6 of 3 points"],
    ["an odd count", [[0, 0, 1, 0, 1, 1, 0]], "segmentation: 0: has 7 numbers, an odd count"],
    ["words", [["a"]], "segmentation: 0"],
    ["an RLE without counts", { size: [6, 6] }, "segmentation: counts: Invalid input"],
    ["negative counts", { size: [6, 6], counts: [-1, 37] }, "segmentation: counts"],
    [
      "the size of another picture",
      { size: [5, 6], counts: [30] },
      "the RLE's size is [5, 6], and the picture's [6, 6]",
    ],
    ["counts that do not fill it", { size: [6, 6], counts: [7, 4] }, "RLE covers 11 pixels, its size has 36"],
    ["characters that are none", { size: [6, 6], counts: "~" }, "malformed RLE at character 0"],
    ["a text", "RING", "segmentation: the RLE: Invalid input: expected object"],
  ])("is refused, with its place, for %s", (_, segmentation, message) => {
    expect(() => read({ segmentation })).toThrow(message);
    expect(() => read({ segmentation })).toThrow("annotations.0 (id 4, images/7.jpg), segmentation: ");
  });
});

describe("readCorrected", () => {
  it("reads what CVAT and Label Studio write, and what they leave out is null", () => {
    const { pictures, annotations } = readCorrected({
      ...file(
        { id: 9, attributes: { link: "7/0/0", occluded: false, box_index: 0 }, bbox: [0, 1, 2, 3], segmentation: [] },
        { id: "x", attributes: { link: "" } },
        { id: undefined, attributes: null, bbox: null },
      ),
      images: [
        { id: 0, file_name: "7.jpg", width: null, height: null, path: "/7.jpg" },
        { id: 5, file_name: "8.jpg", width: 4, height: 3 },
      ],
    });
    expect(pictures).toEqual([
      { id: 0, file_name: "7.jpg", width: null, height: null },
      { id: 5, file_name: "8.jpg", width: 4, height: 3 },
    ]);
    expect(annotations.map(({ id, link, bbox, category }) => [id, link, bbox, category])).toEqual([
      [9, "7/0/0", [0, 1, 2, 3], "PER"],
      [null, null, null, "PER"],
      [null, null, null, "PER"],
    ]);
    expect(annotations[1]?.place).toBe("annotations.1 (id x, 7.jpg)");
  });

  it.each([
    ["no COCO file", [], "not as COCO's format has it: the file: Invalid input"],
    ["a file of tasks", { images: [], annotations: [] }, "not as COCO's format has it: categories: Invalid input"],
    [
      "two images of one id",
      { ...file(), images: ["7.jpg", "8.jpg"].map((file_name) => ({ id: 1, file_name })) },
      "images.1: the id 1 is that of 7.jpg and of 8.jpg",
    ],
    [
      "two categories of one id",
      { ...file(), categories: ["PER", "ORG"].map((name) => ({ id: 1, name })) },
      "categories.1: the id 1 is that of PER and of ORG",
    ],
    [
      "an annotation of no image",
      file({ image_id: 3 }),
      "annotations.0 (id 4, image 3): there is no image with this id",
    ],
    ["an annotation of no category", file({ category_id: 7 }), "images/7.jpg): there is no category 7"],
    ["half a bbox", file({ bbox: [1, 2] }), "bbox has 2 numbers, not 4"],
    ["a picture without a name", { ...file(), images: [{ id: 1 }] }, "images.0.file_name: Invalid input"],
  ])("refuses %s, and says where", (_, content, message) => {
    expect(() => readCorrected(content)).toThrow(message);
  });
});
