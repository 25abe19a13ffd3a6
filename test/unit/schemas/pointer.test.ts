import { describe, expect, test } from "vitest";
import { toPointer } from "../../../schemas/pointer.ts";

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
