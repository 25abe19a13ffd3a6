import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromPointer, toPointer } from "../../../schemas/pointer.ts";

describe("toPointer", () => {
  test.each([
    [[], ""],
    [["entities", 0, "type"], "/entities/0/type"],
    [["a/b", "m~n", "~1"], "/a~1b/m~0n/~01"],
    [[""], "/"],
  ])("writes %j as RFC 6901 has it", (path, pointer) => {
    expect(toPointer(path)).toBe(pointer);
  });
});

describe("fromPointer", () => {
  test("reads what toPointer writes", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("~", "/", "~1", "a/b", ""))), (path) => {
        expect(fromPointer(toPointer(path))).toEqual(path);
      }),
    );
  });
});
