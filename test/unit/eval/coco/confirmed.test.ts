import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CocoAnnotation, type CocoForm, cocoOf } from "../../../../eval/coco/coco-file.ts";
import { confirm } from "../../../../eval/coco/confirmed.ts";
import { readCorrected } from "../../../../eval/coco/corrected-file.ts";
import { type ProposalsFile, proposalsOf } from "../../../../eval/coco/proposals.ts";
import { MASK_FIELDS, readMaskFile } from "../../../../eval/readers/mask-file.ts";
import type { PostMasks } from "../../../../eval/segment/segment-posts.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { rleOf } from "../../../../schemas/polygon.ts";
import type { RleMask } from "../../../../schemas/primitives.ts";
import { compressCounts, decompressCounts } from "../../../../schemas/rle.ts";
import { entity } from "../../../support/evaluated-posts.ts";
import { type Drawn, proposed } from "../../../support/proposed.ts";
import { drawn, encodeRle } from "../../../support/rle.ts";

const SIZE = { width: 40, height: 24 };

/** A mask in one of 6 cells that lie apart: a rectangle of at least 6 by 6 pixels, with a hole or a slit in it. */
const cellMask = (cell: number) =>
  fc
    .record({
      right: fc.integer({ min: 6, max: 9 }),
      bottom: fc.integer({ min: 6, max: 9 }),
      hole: fc.boolean(),
      slit: fc.boolean(),
    })
    .map(({ right, bottom, hole, slit }) => {
      const [left, top] = [(cell % 3) * 13 + 1, Math.floor(cell / 3) * 12 + 1];
      const isSet = (x: number, y: number) => {
        if (x < 0 || y < 0 || x >= right || y >= bottom) return false;
        return !(hole && x === 1 && y >= 1 && y < 3) && !(slit && x === 4);
      };
      const pixels = Array.from({ length: SIZE.width * SIZE.height }, (_, index) =>
        Number(isSet((index % SIZE.width) - left, Math.floor(index / SIZE.width) - top)),
      );
      return encodeRle(pixels, SIZE);
    });

const TYPES = ["PER", "LOC"] as const;
/** What a person does with an annotation. */
const edit = fc.constantFrom("keep", "drop", "move");
const post = fc
  .uniqueArray(fc.nat(5), { minLength: 1, maxLength: 6 })
  .chain((cells) =>
    fc.tuple(...cells.map((cell) => fc.record({ mask: cellMask(cell), type: fc.constantFrom(...TYPES), edit }))),
  );
const scene = fc.record({
  posts: fc.array(post, { minLength: 1, maxLength: 3 }),
  form: fc.constantFrom<CocoForm>("polygon", "rle"),
  tool: fc.constantFrom("cvat", "label studio"),
  shuffled: fc.boolean(),
});

/** The mask one pixel further right. */
function moved(mask: RleMask): RleMask {
  const [height] = mask.size;
  const [first = 0, ...counts] = decompressCounts(mask.counts);
  const last = counts.pop() ?? 0;
  return { size: mask.size, counts: compressCounts([first + height, ...counts, last - height]) };
}

/** The segmentation one pixel further right, in its own form. */
function movedSegmentation(segmentation: CocoAnnotation["segmentation"]): CocoAnnotation["segmentation"] {
  if (!Array.isArray(segmentation)) return moved(segmentation);
  return segmentation.map((ring) => ring.map((value, index) => (index % 2 === 0 ? value + 1 : value)));
}

/** The file as a tool exports it after a person has edited it. */
function exported(file: ProposalsFile, edits: ReadonlyMap<string, string>, { form, tool, shuffled }: Scene): unknown {
  const coco = cocoOf(file, form);
  const edited = coco.annotations.flatMap((annotation) => {
    const what = edits.get(String(annotation.attributes.link));
    if (what === "drop") return [];
    return [what === "move" ? { ...annotation, segmentation: movedSegmentation(annotation.segmentation) } : annotation];
  });
  const ordered = shuffled ? edited.toReversed() : edited;
  if (tool === "cvat") {
    const annotations = ordered.map(({ segmentation, attributes, ...rest }, index) => ({
      ...rest,
      id: index + 1,
      // CVAT writes masks as uncompressed RLE, and keeps the attributes that its labels have.
      segmentation: Array.isArray(segmentation)
        ? segmentation.map((ring) => ring.map(Number))
        : { size: segmentation.size, counts: decompressCounts(segmentation.counts) },
      attributes: { link: attributes.link, occluded: false },
    }));
    return { ...coco, annotations };
  }
  const order = coco.categories.map(({ id }) => id);
  // Label Studio makes a region of each ring, and a rectangle of bbox.
  const regions = ordered.flatMap(({ image_id, category_id, segmentation, bbox, attributes }) => {
    const isWhole = !Array.isArray(segmentation) || edits.get(String(attributes.link)) === "move";
    const region = { image_id: image_id - 1, category_id: order.indexOf(category_id), bbox, ignore: 0, iscrowd: 0 };
    const masks = isWhole ? [segmentation] : segmentation.map((ring) => [ring]);
    return [[], ...masks].map((one) => ({ ...region, segmentation: one }));
  });
  return {
    images: coco.images.map((image) => ({
      ...image,
      id: image.id - 1,
      file_name: `images/0a1b2c3d-${image.file_name}`,
    })),
    categories: coco.categories.map(({ name }, id) => ({ id, name })),
    annotations: regions.map((region, id) => ({ id, ...region })),
  };
}

/** How a file came back. */
interface Scene {
  readonly form: CocoForm;
  readonly tool: string;
  readonly shuffled: boolean;
}

describe("from proposals to confirmed masks", () => {
  it("every mask is that of its entity after people dropped, moved and kept some, whatever the tool drops", () => {
    fc.assert(
      fc.property(scene, ({ posts, ...how }) => {
        const drawings = Object.fromEntries(
          posts.map((entities, index) => [
            `${700 + index}`,
            entities.map(({ mask, type }, place): Drawn => ({ text: `name ${place}`, type, mask })),
          ]),
        );
        const file = proposed(drawings);
        const edits = new Map(
          posts.flatMap((entities, index) =>
            entities.map((one, place) => [`${700 + index}/${place}/0`, one.edit] as const),
          ),
        );
        const { files, unlinked, notSeen } = confirm(
          readCorrected(JSON.parse(JSON.stringify(exported(file, edits, how)))),
          file,
        );
        expect([unlinked, notSeen]).toEqual([[], []]);
        for (const [index, entities] of posts.entries()) {
          const confirmed = files.get(`${700 + index}`);
          const expected = entities.flatMap(({ mask, edit: what }, place) => {
            if (what === "drop") return [];
            return [{ name: `name ${place}`, mask: what === "move" ? moved(mask) : mask }];
          });
          // Read as the kind smner reads it.
          expect(readMaskFile(JSON.parse(JSON.stringify(confirmed)), MASK_FIELDS)).toEqual(expected);
          expect(confirmed?.shapes.map(({ status }) => status)).toEqual(
            entities.flatMap(({ edit: what }) => ({ keep: ["unchanged"], move: ["changed"], drop: [] })[what] ?? []),
          );
          expect(confirmed?.rejected.map(({ label }) => label)).toEqual(
            entities.flatMap(({ edit: what }, place) => (what === "drop" ? [`name ${place}`] : [])),
          );
        }
      }),
    );
  });
});

describe("confirm", () => {
  const MASK = drawn("##..", "##..", "....");
  const file = proposed({
    "7": [
      { text: "Ted", type: "PER", mask: MASK },
      { text: "ESA", type: "ORG", mask: null, box: [2, 0, 4, 3] },
    ],
    "8": [{ text: "Bob", type: "PER", mask: MASK }],
  });
  const coco = cocoOf(file, "polygon");
  const corrected = (change: (content: Record<string, never[]>) => object) =>
    confirm(readCorrected(change(JSON.parse(JSON.stringify(coco)))), file);

  it("writes what was proposed, what became of it, and the gold box", () => {
    const { files, bareBoxes, joined } = confirm(readCorrected(JSON.parse(JSON.stringify(coco))), file);
    expect(files.get("7")).toEqual({
      ...{ imagePath: "7.jpg", imageHeight: 3, imageWidth: 4 },
      shapes: [
        {
          ...{ label: "Ted", type: "PER", start: 0, end: 1, box: [0, 0, 2, 2], shape_type: "mask", segmentation: MASK },
          ...{ status: "unchanged", iou: 1, linked_by: "attributes" },
        },
      ],
      rejected: [],
      without_mask: [{ label: "ESA", type: "ORG", start: 1, end: 2, box: [2, 0, 4, 3], reason: "no_mask" }],
    });
    expect([bareBoxes, joined]).toEqual([0, 0]);
  });

  it("links what people drew for a box without a proposal, and says that it is drawn", () => {
    const { files } = corrected(({ annotations = [], ...rest }) => ({
      ...rest,
      annotations: [
        ...annotations,
        { id: 99, image_id: 1, category_id: 1, segmentation: [[2, 0, 4, 0, 4, 3, 2, 3]], bbox: [2, 0, 2, 3] },
      ],
    }));
    expect(files.get("7")?.shapes[1]).toMatchObject({ label: "ESA", status: "drawn", iou: null, linked_by: "overlap" });
    expect(files.get("7")?.without_mask).toEqual([]);
  });

  it("has the IoU of a changed mask, the union of its parts, and the category that people gave it", () => {
    const { files, joined } = corrected(({ annotations = [], ...rest }) => {
      const [first, ...others] = annotations as Array<Record<string, unknown>>;
      const parts = [
        { ...first, category_id: 1, segmentation: [[0, 0, 1, 0, 1, 2, 0, 2]] },
        { ...first, category_id: 1, segmentation: [[3, 0, 4, 0, 4, 1, 3, 1]] },
      ];
      return { ...rest, annotations: [...parts, ...others] };
    });
    expect(joined).toBe(1);
    expect(files.get("7")?.shapes).toMatchObject([
      { segmentation: drawn("#..#", "#...", "...."), status: "changed", iou: 0.4, category: "ORG" },
    ]);
    expect(files.get("8")?.shapes[0]).not.toHaveProperty("category");
  });

  it("writes nothing of a picture that the file does not have, and rejects what a picture in it lacks", () => {
    const { files, notSeen } = corrected((content) => ({
      ...content,
      images: content.images?.slice(0, 1),
      annotations: [],
    }));
    expect(notSeen).toEqual(["8"]);
    expect([...files.keys()]).toEqual(["7"]);
    expect(files.get("7")).toMatchObject({ shapes: [], rejected: [{ label: "Ted", box: [0, 0, 2, 2] }] });
  });

  it("leaves boxes out that lie beside a mask, and lists what is of no proposal with its place", () => {
    const { unlinked, bareBoxes } = corrected(({ annotations = [], images = [], ...rest }) => ({
      ...rest,
      images: [...images, { id: 3, file_name: "9.jpg", width: 4, height: 3 }],
      annotations: [
        ...annotations,
        { id: 10, image_id: 1, category_id: 2, segmentation: [], bbox: [0, 0, 2, 2] },
        { id: 11, image_id: 1, category_id: 2, segmentation: [], bbox: [3, 2, 1, 1] },
        { id: 12, image_id: 2, category_id: 1, segmentation: [[0, 0, 4, 0, 4, 3, 0, 3]] },
        { id: 13, image_id: 3, category_id: 1, segmentation: [[0, 0, 4, 0, 4, 3, 0, 3]] },
      ],
    }));
    expect(bareBoxes).toBe(1);
    expect(unlinked).toEqual([
      "annotations.5 (id 13, 9.jpg): no proposal has this picture",
      "annotations.3 (id 11, 7.jpg), PER: it has no mask, and its box is of no proposal",
      "annotations.4 (id 12, 8.jpg), ORG: no free proposal of its category and picture has an IoU of 0.3 with it",
    ]);
  });

  it.each([
    [
      "a picture of another size",
      [{ id: 1, file_name: "7.jpg", width: 3, height: 4 }],
      "image 1 (7.jpg) has 3 × 4 pixels, and its proposals 4 × 3",
    ],
    [
      "a picture that occurs twice",
      [
        { id: 1, file_name: "a/7.jpg", width: 4, height: 3 },
        { id: 2, file_name: "b/7.jpg", width: 4, height: 3 },
      ],
      "image 1 (a/7.jpg) and image 2 (b/7.jpg) are both the picture of post 7: keep one of them",
    ],
  ])("refuses %s", (_, images, message) => {
    expect(() => corrected((content) => ({ ...content, images, annotations: [] }))).toThrow(message);
  });

  it.each(["with attributes", "without attributes"])("gives posts that share a picture a file each, %s", (how) => {
    const posts = ["7#2", "7#3"].map((id): EvaluatedPost => {
      return { id, offset_unit: "token", entities: [entity("PER", 0, 1, [[0, 0, 2, 2]], { text: `Ted ${id}` })] };
    });
    const masks = posts.map(({ id }): [string, PostMasks] => [
      id,
      { id, size: [3, 4], results: [{ mask: MASK }], failure: null },
    ]);
    const shared = proposalsOf(posts, new Map(masks), () => "7.jpg");
    const { annotations, ...rest } = JSON.parse(JSON.stringify(cocoOf(shared, "polygon")));
    const kept = annotations.map(({ attributes, ...one }: CocoAnnotation) => {
      return how === "with attributes" ? { ...one, attributes } : one;
    });
    const { files, unlinked, notSeen } = confirm(readCorrected({ ...rest, annotations: kept }), shared);
    expect([unlinked, notSeen]).toEqual([[], []]);
    expect([...files].map(([id, { shapes }]) => [id, shapes.map(({ label, status }) => [label, status])])).toEqual([
      ["7#2", [["Ted 7#2", "unchanged"]]],
      ["7#3", [["Ted 7#3", "unchanged"]]],
    ]);
    expect(confirm(readCorrected({ ...rest, images: [], annotations: [] }), shared).notSeen).toEqual(["7#2", "7#3"]);
  });

  it("lists an annotation whose mask has no pixel in the picture, also where its box is that of a proposal", () => {
    const outside = { id: 10, image_id: 1, category_id: 2, bbox: [0, 0, 2, 2] };
    const { unlinked, bareBoxes, files } = corrected((content) => ({
      ...content,
      annotations: [{ ...outside, segmentation: [[50, 50, 60, 50, 60, 60]] }],
    }));
    expect([bareBoxes, files.get("7")?.shapes]).toEqual([0, []]);
    expect(unlinked).toEqual(["annotations.0 (id 10, 7.jpg), PER: its mask has no pixel inside the picture"]);
  });

  it("takes a picture whose size the tool does not know", () => {
    const images = [{ id: 1, file_name: "7.jpg", width: null, height: null }];
    const { files } = corrected((content) => ({ ...content, images, annotations: content.annotations?.slice(0, 1) }));
    expect(files.get("7")?.shapes[0]).toMatchObject({ segmentation: MASK, status: "unchanged" });
  });

  it("keeps a hole that is cut into a ring by a slit", () => {
    const ring = drawn("###.", "#.#.", "###.");
    const holed = proposed({ "7": [{ text: "Ted", type: "PER", mask: ring }] });
    const content = JSON.parse(JSON.stringify(cocoOf(holed, "polygon")));
    expect(rleOf({ size: [3, 4], segmentation: content.annotations[0].segmentation })).toEqual(ring);
    expect(confirm(readCorrected(content), holed).files.get("7")?.shapes[0]?.segmentation).toEqual(ring);
  });
});
