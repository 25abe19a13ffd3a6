import { describe, expect, it } from "vitest";
import { chooseMethod, mainPerson } from "../../../../functions/segmentation/choose.ts";
import { vocClass } from "../../../../functions/segmentation/voc.ts";

const BOX = { xmin: 0, ymin: 0, xmax: 100, ymax: 100 };
const HALF = { ...BOX, xmax: 50 };
const OTHER_PLACE = { xmin: 200, ymin: 200, xmax: 300, ymax: 300 };
const CAT = { by: "class", vocClass: vocClass("cat") };

describe("chooseMethod", () => {
  it.each([
    ["person", { by: "person" }],
    ["cat", CAT],
    ["frisbee", { by: "colour" }],
  ])("follows a detected %s when it fills the box", (label, choice) => {
    expect(chooseMethod(BOX, "OTHER", { objects: [{ label, box: BOX }], lines: [] })).toEqual(choice);
  });

  it("cuts text when a printed line fills the box", () => {
    expect(chooseMethod(BOX, "ORG", { objects: [], lines: [{ box: BOX }] })).toEqual({ by: "text" });
  });

  it("follows the detection that agrees best", () => {
    const objects = [
      { label: "person", box: HALF },
      { label: "cat", box: BOX },
    ];
    expect(chooseMethod(BOX, undefined, { objects, lines: [{ box: HALF }] })).toEqual(CAT);
  });

  it("cuts by colour when no detection reaches an IoU of 0.5", () => {
    const objects = [{ label: "cat", box: { ...BOX, xmax: 49 } }];
    expect(chooseMethod(BOX, "OTHER", { objects, lines: [] })).toEqual({ by: "colour" });
  });

  it("takes a PER's box for a person, a face too, also when the detector missed them", () => {
    const face = { xmin: 10, ymin: 10, xmax: 40, ymax: 40 };
    const objects = [{ label: "person", box: BOX }];
    expect(chooseMethod(face, "PER", { objects, lines: [] })).toEqual({ by: "person" });
    expect(chooseMethod(face, "ORG", { objects, lines: [] })).toEqual({ by: "colour" });
    expect(chooseMethod(OTHER_PLACE, "PER", { objects, lines: [] })).toEqual({ by: "person" });
  });

  it.each(["PER", "ORG"] as const)("takes the %s name in a longer line for print", (type) => {
    const name = { xmin: 20, ymin: 10, xmax: 60, ymax: 24 };
    const lines = [{ box: { xmin: 0, ymin: 8, xmax: 300, ymax: 26 } }];
    expect(chooseMethod(name, type, { objects: [], lines })).toEqual({ by: "text" });
  });
});

describe("mainPerson", () => {
  const at = (label: string, box: typeof BOX, score: number) => ({ label, box, score });

  it("is the largest and surest person", () => {
    expect(mainPerson([at("person", HALF, 0.9), at("person", BOX, 0.8), at("cat", BOX, 0.99)])).toEqual(BOX);
    expect(mainPerson([at("person", HALF, 0.9), at("person", BOX, 0.5)])).toEqual(HALF);
  });

  it("is nobody where no person was found", () => {
    expect(mainPerson([at("cat", BOX, 0.9)])).toBeNull();
  });
});
