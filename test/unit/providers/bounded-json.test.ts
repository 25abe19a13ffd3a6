import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBounded } from "../../../src/providers/bounded-json.ts";

const codeOf = (text: string) => {
  try {
    parseBounded(text);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("parseBounded", () => {
  test("parses what JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseBounded(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("counts nothing inside strings", () => {
    const text = JSON.stringify({ a: `${"[".repeat(100)}\\"${",".repeat(300_000)}` });
    expect(parseBounded(text)).toEqual(JSON.parse(text));
  });

  test("refuses too many values and too deep ones before it parses", () => {
    expect(codeOf("[".repeat(65))).toBe("invalid_output");
    expect(codeOf(`[${"[],".repeat(200_000)}1]`)).toBe("invalid_output");
    expect(codeOf(`[${"1,".repeat(199_998)}1]`)).toBeNull();
    expect(codeOf(`${"[".repeat(64)}${"]".repeat(64)}`)).toBeNull();
  });

  test.each(["", "{", '"', '"\\', "nonsense", "[1,]"])("says that %j is no JSON", (text) => {
    expect(codeOf(text)).toBe("unreadable");
  });
});
