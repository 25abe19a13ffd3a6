import { describe, expect, test } from "vitest";
import { boxesInPicture } from "../../../src/request/boxes.ts";
import { soughtEntities, withIds } from "../../../src/request/ids.ts";

describe("withIds", () => {
  test("numbers what has no id, and keeps the caller's own", () => {
    expect(withIds([{}, { id: "mine" }, {}], "entities", "e").map(({ id }) => id)).toEqual(["e1", "mine", "e3"]);
  });

  test("refuses an id that is used twice, also one that a number takes", () => {
    expect(() => withIds([{}, { id: "e1" }], "entities", "e")).toThrow(
      expect.objectContaining({
        fields: { errors: [{ pointer: "/entities/1/id", detail: "is used by another item", value: "e1" }] },
      }),
    );
  });
});

test("soughtEntities leaves out fields that are not there", () => {
  expect(soughtEntities([{ expression: "a cat", text: undefined }])).toEqual([{ id: "e1", expression: "a cat" }]);
});

describe("boxesInPicture", () => {
  const size = { width: 10, height: 10 };
  test("cuts a box to the picture", () => {
    expect(boxesInPicture([{ box: { xmin: -5, ymin: 2, xmax: 20, ymax: 4 } }], size)).toEqual([
      { id: "r1", box: { xmin: 0, ymin: 2, xmax: 10, ymax: 4 } },
    ]);
  });

  test.each([
    ["its corners are swapped", { xmin: 5, ymin: 0, xmax: 1, ymax: 1 }, "/boxes/0/box/xmax"],
    ["it is empty", { xmin: 0, ymin: 3, xmax: 1, ymax: 3 }, "/boxes/0/box/ymax"],
    ["it lies outside the picture", { xmin: 10, ymin: 0, xmax: 12, ymax: 1 }, "/boxes/0/box"],
  ])("refuses a box when %s", (_, box, pointer) => {
    expect(() => boxesInPicture([{ box }], size)).toThrow(
      expect.objectContaining({ fields: { errors: [expect.objectContaining({ pointer })] } }),
    );
  });
});
