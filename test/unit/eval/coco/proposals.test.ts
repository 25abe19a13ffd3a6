import { describe, expect, it } from "vitest";
import { ProposalsFile, proposalsOf } from "../../../../eval/coco/proposals.ts";
import type { PostMasks } from "../../../../eval/segment/segment-posts.ts";
import type { BoxCorners, EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { entity } from "../../../support/evaluated-posts.ts";
import { boxMask } from "../../../support/segment-server.ts";

const BOXES: [BoxCorners, BoxCorners] = [
  [0, 0, 2, 2],
  [1, 1, 4, 4],
];
const [MASK_A, MASK_B] = [boxMask(BOXES[0], 6, 4), boxMask(BOXES[1], 6, 4)];
const post = (id: string, ...entities: EvaluatedPost["entities"]): EvaluatedPost => ({
  id,
  offset_unit: "token",
  entities,
});
const of = (posts: EvaluatedPost[], ...masks: PostMasks[]) =>
  proposalsOf(posts, new Map(masks.map((one) => [one.id, one])), (id) => `${id}.png`);

describe("proposalsOf", () => {
  it("makes one proposal of entities that share a name and a box, as gold by names does", () => {
    const posts = [
      post(
        "7",
        entity("PER", 0, 1, BOXES, { text: "Ted" }),
        entity("PER", 4, 5, BOXES, { text: "Ted" }),
        entity("PER", 6, 8, [BOXES[0]], { text: "Ted Cruz" }),
      ),
    ];
    const file = of(posts, { id: "7", size: [4, 6], results: [{ mask: MASK_A }, { mask: MASK_B }], failure: null });
    expect(file.pictures).toEqual([{ id: 1, post_id: "7", file_name: "7.png", width: 6, height: 4 }]);
    expect(
      file.proposals.map(({ link, text, annotation_id, entities }) => [link, text, annotation_id, entities]),
    ).toEqual([
      [
        "7/0/0",
        "Ted",
        1,
        [
          { index: 0, type: "PER", start: 0, end: 1 },
          { index: 1, type: "PER", start: 4, end: 5 },
        ],
      ],
      [
        "7/0/1",
        "Ted",
        2,
        [
          { index: 0, type: "PER", start: 0, end: 1 },
          { index: 1, type: "PER", start: 4, end: 5 },
        ],
      ],
      ["7/2/0", "Ted Cruz", 3, [{ index: 2, type: "PER", start: 6, end: 8 }]],
    ]);
    expect(file.proposals.map(({ box, mask, reason }) => [box, mask, reason])).toEqual([
      [BOXES[0], MASK_A, null],
      [BOXES[1], MASK_B, null],
      [BOXES[0], MASK_A, null],
    ]);
    expect(ProposalsFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
  });

  it("posts that share a picture share its place in the file", () => {
    const posts = ["7", "7#2", "8"].map((id) => post(id, entity("PER", 0, 1, [BOXES[0]])));
    const masks = posts.map(({ id }): [string, PostMasks] => [
      id,
      { id, size: [4, 6], results: [{ mask: MASK_A }], failure: null },
    ]);
    const { pictures, proposals } = proposalsOf(posts, new Map(masks), (id) => `${id.replace(/#.*/, "")}.png`);
    expect(pictures.map(({ id, file_name }) => [id, file_name])).toEqual([
      [1, "7.png"],
      [2, "8.png"],
    ]);
    expect(proposals.map(({ link, image_id, annotation_id }) => [link, image_id, annotation_id])).toEqual([
      ["7/0/0", 1, 1],
      ["7#2/0/0", 1, 2],
      ["8/0/0", 2, 3],
    ]);
  });

  it("a box that an entity has twice is one proposal of one entity", () => {
    const file = of([post("7", entity("PER", 0, 1, [BOXES[0], BOXES[0]]))], {
      ...{ id: "7", size: [4, 6], results: [{ mask: MASK_A }], failure: null },
    });
    expect(file.proposals).toHaveLength(1);
    expect(file.proposals[0]?.entities).toHaveLength(1);
  });

  it("numbers annotations and pictures without gaps, and says why a box has no mask", () => {
    const posts = [
      post("1", entity("PER", 0, 1, [BOXES[0]])),
      post("2", entity("PER", 0, 1)),
      post("3", entity("PER", 0, 1, BOXES)),
      post("4", entity("PER", 0, 1, [BOXES[1]])),
    ];
    const failure = { reason: "no_picture", text: "has no picture" } as const;
    const file = of(
      posts,
      { id: "1", size: null, results: [{ reason: "no_picture" }], failure },
      { id: "3", size: [4, 6], results: [{ reason: "outside_box" }, { mask: MASK_B }], failure: null },
      { id: "4", size: [4, 6], results: [{ mask: MASK_B }], failure: null },
    );
    expect(file.pictures.map(({ id, post_id }) => [id, post_id])).toEqual([
      [1, "3"],
      [2, "4"],
    ]);
    expect(
      file.proposals.map(({ link, annotation_id, image_id, reason }) => [link, annotation_id, image_id, reason]),
    ).toEqual([
      ["1/0/0", null, null, "no_picture"],
      ["3/0/0", null, 1, "outside_box"],
      ["3/0/1", 1, 1, null],
      ["4/0/0", 2, 2, null],
    ]);
  });
});
