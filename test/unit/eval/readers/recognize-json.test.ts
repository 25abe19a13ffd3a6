import { describe, expect, it } from "vitest";
import { allObjects, firstObject } from "../../../../eval/readers/recognize-json.ts";

describe("firstObject", () => {
  it.each([
    ["lines", '{"a": 1}\n{"a": 2}\n'],
    ["an array on one line", '[{"a": 1}, {"a": 2}]'],
    ["an array on many lines", '[\n {\n  "a": 1\n }\n]'],
    ["one object on many lines", '{\n "a": 1\n}'],
  ])("finds it in %s", (_, text) => {
    expect(firstObject(text)).toEqual({ a: 1 });
  });

  it.each(["", "Ted\tB-PER", "[1, 2]", '{"a": 1', "[]"])("finds none in %j", (text) => {
    expect(firstObject(text)).toBeNull();
  });
});

describe("allObjects", () => {
  it("reads lines, arrays and one object alike", () => {
    expect(allObjects('{"a": 1}\n\n{"a": 2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(allObjects('[{"a": 1}, {"a": 2}]')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(allObjects('{"a": 1}')).toEqual([{ a: 1 }]);
  });

  it("names the line that is no JSON", () => {
    expect(() => allObjects('{"a": 1}\n{"a": \n')).toThrow(/^line 2 is no JSON/);
  });
});
