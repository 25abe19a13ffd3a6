import { describe, expect, it } from "vitest";
import {
  entailmentRows,
  entailmentTsv,
  groundingRows,
  groundingTsv,
  type SeveralBoxes,
} from "../../../../eval/training-sets/entity-rows.ts";
import type { PhrasedEntity } from "../../../../eval/training-sets/phrasings.ts";

const PARK: PhrasedEntity = {
  postId: "71044",
  index: 3,
  name: "Garfield Park",
  type: "LOC",
  boxes: [],
  phrasings: [
    { text: "a park", method: "llm" },
    { text: "Garfield Park, a location", method: "template" },
  ],
};
const SHOWN: PhrasedEntity = {
  ...PARK,
  boxes: [
    [0, 0, 10, 10],
    [5, 5, 25.5, 30],
    [0, 0, 10, 5],
  ],
};
const COMMON = { post_id: "71044", image: "71044.jpg", entity: "Garfield Park", type: "LOC" };

describe("entailmentRows", () => {
  it("gives a row for each phrasing, with the caption and the label", () => {
    expect(entailmentRows(PARK, new Map([["71044", "a large garden"]]))).toEqual([
      {
        id: "71044.jpg#3-0",
        ...COMMON,
        expansion: "a park",
        expansion_method: "llm",
        text: "Garfield Park(LOC)-a park",
        caption: "a large garden",
        label: "contradiction",
      },
      {
        id: "71044.jpg#3-1",
        ...COMMON,
        expansion: "Garfield Park, a location",
        expansion_method: "template",
        text: "Garfield Park(LOC)-Garfield Park, a location",
        caption: "a large garden",
        label: "contradiction",
      },
    ]);
    expect(entailmentRows(SHOWN, null).map(({ label }) => label)).toEqual(["entailment", "entailment"]);
  });

  it("says null of a caption that is not there, and nothing where there are no captions", () => {
    expect(entailmentRows(PARK, new Map())[0]).toHaveProperty("caption", null);
    expect(entailmentRows(PARK, null)[0]).not.toHaveProperty("caption");
  });

  it("writes the name alone where there is no expansion", () => {
    const [row] = entailmentRows({ ...PARK, phrasings: [{ text: null, method: null }] }, null);
    expect(row).toMatchObject({ expansion: null, expansion_method: null, text: "Garfield Park(LOC)" });
  });
});

describe("groundingRows", () => {
  const boxesBy = (several: SeveralBoxes, entity = SHOWN) =>
    groundingRows(entity, several).map(({ id, box }) => [id, box]);

  it.each<[SeveralBoxes, unknown]>([
    [
      "first",
      [
        ["71044.jpg#3-0-0", [0, 0, 10, 10]],
        ["71044.jpg#3-1-0", [0, 0, 10, 10]],
      ],
    ],
    [
      "largest",
      [
        ["71044.jpg#3-0-1", [5, 5, 25.5, 30]],
        ["71044.jpg#3-1-1", [5, 5, 25.5, 30]],
      ],
    ],
  ])("takes the %s of several boxes", (several, rows) => {
    expect(boxesBy(several)).toEqual(rows);
  });

  it("takes each box for each phrasing", () => {
    expect(boxesBy("each").map(([id]) => id)).toEqual([
      ...["71044.jpg#3-0-0", "71044.jpg#3-0-1", "71044.jpg#3-0-2"],
      ...["71044.jpg#3-1-0", "71044.jpg#3-1-1", "71044.jpg#3-1-2"],
    ]);
    expect(groundingRows(SHOWN, "each")[1]).toEqual({
      id: "71044.jpg#3-0-1",
      ...COMMON,
      expansion: "a park",
      expansion_method: "llm",
      text: "Garfield Park(LOC)-a park",
      box: [5, 5, 25.5, 30],
    });
  });

  it("takes the first of the largest boxes of one size, and none of an entity without a box", () => {
    const same: PhrasedEntity = {
      ...SHOWN,
      boxes: [
        [0, 0, 1, 1],
        [0, 0, 4, 2],
        [0, 0, 2, 4],
      ],
    };
    expect(boxesBy("largest", same)[0]).toEqual(["71044.jpg#3-0-1", [0, 0, 4, 2]]);
    for (const several of ["each", "first", "largest"] as const) expect(groundingRows(PARK, several)).toEqual([]);
  });
});

describe("OFA's files", () => {
  it("has the columns of visual entailment that RiVEG's runs select by 0,2,3,4,5", () => {
    const [row] = entailmentRows(PARK, new Map([["71044", "a\tlarge\ngarden"]]));
    expect(row && entailmentTsv(row, "/9j/4A==")).toBe(
      "71044.jpg#3-0\t71044\t/9j/4A==\ta large garden\tGarfield Park(LOC)-a park\tcontradiction\n",
    );
    const [plain] = entailmentRows(PARK, null);
    expect(plain && entailmentTsv(plain, "")).toBe(
      "71044.jpg#3-0\t71044\t\t\tGarfield Park(LOC)-a park\tcontradiction\n",
    );
  });

  it("has the columns of visual grounding that RiVEG's runs select by 0,4,2,3", () => {
    const row = groundingRows(SHOWN, "each")[1];
    expect(row && groundingTsv(row, "/9j/4A==")).toBe(
      "71044.jpg#3-0-1\t71044\tGarfield Park(LOC)-a park\t5,5,25.5,30\t/9j/4A==\n",
    );
  });
});
