import { describe, expect, it } from "vitest";
import type { DrawnPost } from "../../../../eval/readers/composed-posts.ts";
import { readSet, setPostOf } from "../../../../eval/readers/example-sets.ts";
import { rleBounds } from "../../../../schemas/rle.ts";
import { boxAt } from "../../../support/examples-set.ts";

const layer = { kind: "PER", box: boxAt(0), mask: null, overlaps: false } as const;
const DRAWN: DrawnPost = {
  post: {
    id: "p",
    kind: "montage",
    text: "Ana",
    format: "png",
    picture: { width: 9, height: 9, colour: "#ffffff", layers: [] },
    entities: [{ text: "Ana", type: "PER", start: 0, end: 3, of: ["ana"], decided: false }],
  },
  image: "data:image/png;base64,",
  layers: [
    { ...layer, id: "ana" },
    { ...layer, id: null },
    { ...layer, id: null, kind: "print" },
    { ...layer, id: "gone", box: null },
  ],
};

describe("setPostOf", () => {
  it("lists what can be seen; a print without an id is no candidate for a name, a person is", () => {
    const { things, gold } = setPostOf(DRAWN);
    expect(things.map(({ kind, isCandidate }) => [kind, isCandidate])).toEqual([
      ["PER", true],
      ["PER", true],
      ["print", false],
    ]);
    expect(gold).toEqual([{ start: 0, end: 3, things: [things[0]], isDecided: false }]);
  });

  it("refuses gold that names a layer of which nothing can be seen", () => {
    const entities = [{ text: "Ana", type: "PER" as const, start: 0, end: 3, of: ["gone"], decided: true }];
    expect(() => setPostOf({ ...DRAWN, post: { ...DRAWN.post, entities } })).toThrow("p: nothing of gone can be seen");
  });
});

describe("readSet", () => {
  it("gives the photos with their boxes and masks, without a word on what the text decides", async () => {
    const posts = (await readSet("photos")) ?? [];
    const masked = posts.flatMap(({ things }) => things.filter(({ mask }) => mask));
    expect(new Set(masked.map(({ maskName }) => maskName))).toEqual(
      new Set(["masks/astronaut.json", "masks/cat.json"]),
    );
    expect(posts.flatMap(({ gold }) => gold.filter(({ isDecided }) => isDecided !== null))).toEqual([]);
  });

  it("draws every picture of the open half, each gold thing visible and its box around its mask", async () => {
    const posts = (await readSet("open")) ?? [];
    expect(posts.length).toBeGreaterThanOrEqual(22);
    for (const { things } of posts) for (const { box, mask } of things) if (mask) expect(rleBounds(mask)).toEqual(box);
    const overlapping = posts.filter(({ things }) => things.filter(({ overlaps }) => overlaps).length >= 2);
    expect(overlapping.length).toBeGreaterThanOrEqual(8);
  }, 60_000);
});
