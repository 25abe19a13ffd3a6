import { describe, expect, it } from "vitest";
import type { CorrectedAnnotation } from "../../../../eval/coco/corrected-file.ts";
import { isBoxOfProposal, linkAnnotations } from "../../../../eval/coco/link.ts";
import type { BoxCorners } from "../../../../schemas/evaluation.ts";
import type { RleMask } from "../../../../schemas/primitives.ts";
import { rleUnion } from "../../../../schemas/rle.ts";
import { type Drawn, proposed } from "../../../support/proposed.ts";
import { boxMask } from "../../../support/segment-server.ts";

/** Masks of rectangles in a picture of 40 by 10. */
const rectangle = (left: number, right: number, top = 0, bottom = 10) => boxMask([left, top, right, bottom], 40, 10);
const annotation = (fields: Partial<CorrectedAnnotation>): CorrectedAnnotation => ({
  ...{ place: "annotations.0", id: null, image_id: 1, category: "PER", segmentation: null, bbox: null, link: null },
  ...fields,
});
const per = (text: string, mask: RleMask | null, box?: BoxCorners): Drawn => ({
  text,
  type: "PER",
  mask,
  ...(box && { box }),
});

/** Which annotation is linked to which proposal and how: `Ted: 0 id`; and which are linked to none. */
function linked(
  drawings: readonly Drawn[],
  ...annotations: Array<[mask: RleMask, fields?: Partial<CorrectedAnnotation>]>
) {
  const { proposals } = proposed({ "7": drawings });
  const masked = annotations.map(([mask, fields], index) => ({
    annotation: annotation({ place: `${index}`, ...fields }),
    mask,
  }));
  const { byProposal, unlinked } = linkAnnotations(masked, proposals);
  const lines = proposals.map((proposal) => {
    const links = byProposal.get(proposal) ?? [];
    return [proposal.text, ...links.map((link) => `${link.annotation.place} ${link.by}`)].join(": ");
  });
  return { lines, unlinked: unlinked.map((one) => one.annotation.place), why: unlinked.map(({ why }) => why) };
}

describe("linkAnnotations", () => {
  const TWO = [per("Ted", rectangle(0, 10)), per("Bob", rectangle(20, 30))];

  it("follows the attribute, wherever the mask is and whatever category and id say", () => {
    const { lines } = linked(
      TWO,
      [rectangle(20, 30), { link: "7/0/0", id: 2, category: "ORG" }],
      [rectangle(0, 10), { link: "7/1/0", id: 1 }],
    );
    expect(lines).toEqual(["Ted: 0 attributes", "Bob: 1 attributes"]);
  });

  it("joins annotations with one attribute: people have divided the mask", () => {
    const { lines } = linked(TWO, [rectangle(0, 4), { link: "7/0/0" }], [rectangle(6, 10), { link: "7/0/0" }]);
    expect(lines).toEqual(["Ted: 0 attributes: 1 attributes", "Bob"]);
  });

  it("an attribute that names a proposal of another picture links nothing", () => {
    const { lines, unlinked, why } = linked(TWO, [rectangle(0, 10), { link: "8/0/0" }]);
    expect([lines, unlinked]).toEqual([["Ted", "Bob"], ["0"]]);
    expect(why).toEqual(["its attribute link is 8/0/0, which is not of this picture"]);
  });

  // Two entities of one type and one mask: an id tells them apart.
  const SAME = [per("Ted", rectangle(0, 10)), per("Ted Cruz", rectangle(0, 10))];

  it("follows an id with its category and an IoU of a half", () => {
    expect(linked(SAME, [rectangle(0, 10), { id: 2 }], [rectangle(0, 5), { id: 1 }]).lines).toEqual([
      "Ted: 1 id",
      "Ted Cruz: 0 id",
    ]);
  });

  it.each([
    ["another category", rectangle(0, 10), { id: 2, category: "ORG" }, []],
    ["an IoU below a half", rectangle(0, 4), { id: 2 }, ["Ted: 0 overlap"]],
  ])("does not follow an id with %s", (_, mask, fields, links) => {
    const { lines } = linked(SAME, [mask, fields]);
    expect(lines.filter((line) => line.includes(" 0 "))).toEqual(links);
  });

  it("does not follow ids that a tool has numbered anew", () => {
    // Label Studio counts from 0, so that each id is that of the proposal before.
    const three = [per("a", rectangle(0, 10)), per("b", rectangle(12, 20)), per("c", rectangle(25, 40))];
    const { lines } = linked(
      three,
      [rectangle(0, 10), { id: 0 }],
      [rectangle(12, 20), { id: 1 }],
      [rectangle(25, 40), { id: 2 }],
    );
    expect(lines).toEqual(["a: 0 overlap", "b: 1 overlap", "c: 2 overlap"]);
  });

  it("pairs one to one by overlap, the best first, from an IoU of 0.3", () => {
    // The first fits both; the second fits Ted alone, and better.
    const near = [per("Ted", rectangle(0, 10)), per("Bob", rectangle(4, 14))];
    expect(linked(near, [rectangle(2, 12)], [rectangle(0, 10)]).lines).toEqual(["Ted: 1 overlap", "Bob: 0 overlap"]);
    expect(linked(TWO, [rectangle(0, 3)]).lines).toEqual(["Ted: 0 overlap", "Bob"]);
    const { lines, unlinked, why } = linked(TWO, [rectangle(0, 2)]);
    expect([lines, unlinked]).toEqual([["Ted", "Bob"], ["0"]]);
    expect(why).toEqual(["no free proposal of its category and picture has an IoU of 0.3 with it"]);
  });

  it("does not pair different categories", () => {
    expect(linked(TWO, [rectangle(0, 10), { category: "LOC" }]).unlinked).toEqual(["0"]);
  });

  it("a second mask of one object is linked to none", () => {
    expect(linked(TWO, [rectangle(0, 10)], [rectangle(1, 10)])).toMatchObject({
      lines: ["Ted: 0 overlap", "Bob"],
      unlinked: ["1"],
    });
  });

  it("pairs by the gold box where the proposed mask was wrong, and where there was none", () => {
    const wrong = per("Ted", rectangle(0, 1), [0, 0, 10, 10]);
    expect(linked([wrong], [rectangle(1, 10)]).lines).toEqual(["Ted: 0 overlap"]);
    expect(linked([per("Ted", null, [0, 0, 10, 10])], [rectangle(0, 9)]).lines).toEqual(["Ted: 0 overlap"]);
  });

  describe("parts of a mask", () => {
    const parts = per("Ted", rleUnion(rectangle(0, 10), rleUnion(rectangle(20, 24), rectangle(30, 32))));

    it("are joined again where a tool has made an annotation of each", () => {
      const { lines } = linked([parts], [rectangle(20, 24)], [rectangle(30, 32)], [rectangle(0, 10)]);
      expect(lines).toEqual(["Ted: 2 overlap: 0 part: 1 part"]);
    });

    it("are no parts outside of it, of another category, or of a mask that has one part alone", () => {
      expect(linked([parts], [rectangle(0, 10)], [rectangle(12, 18)]).unlinked).toEqual(["1"]);
      expect(linked([parts], [rectangle(0, 10)], [rectangle(20, 24), { category: "ORG" }]).unlinked).toEqual(["1"]);
      expect(linked(TWO, [rectangle(0, 10)], [rectangle(1, 3)]).unlinked).toEqual(["1"]);
    });

    it("have at least 0.8 of their area inside", () => {
      expect(linked([parts], [rectangle(0, 10)], [rectangle(20, 25)]).unlinked).toEqual([]);
      expect(linked([parts], [rectangle(0, 10)], [rectangle(20, 26)]).unlinked).toEqual(["1"]);
    });
  });
});

describe("isBoxOfProposal", () => {
  const { proposals } = proposed({ "7": [per("Ted", rectangle(0, 10), [0, 0, 20, 10])] });
  const isOf = (...bbox: number[]) => isBoxOfProposal(annotation({ bbox }), proposals);

  it("is one around the mask or at the gold box, of its category", () => {
    expect(isOf(0, 0, 10, 10)).toBe(true);
    expect(isOf(0, 0, 20, 10)).toBe(true);
    expect(isOf(30, 0, 10, 10)).toBe(false);
    expect(isBoxOfProposal(annotation({ bbox: [0, 0, 10, 10], category: "ORG" }), proposals)).toBe(false);
    expect(isBoxOfProposal(annotation({ bbox: null }), proposals)).toBe(false);
  });
});
