import { describe, expect, test } from "vitest";
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
