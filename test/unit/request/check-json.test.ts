import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { checkJson } from "../../../src/request/check-json.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("checkJson", () => {
  test("accepts what JSON.stringify writes when it is shallow enough", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: LIMITS.jsonDepth - 2 }), (value) => {
        expect(() => checkJson(JSON.stringify(value))).not.toThrow();
        expect(() => checkJson(JSON.stringify(value, null, 2))).not.toThrow();
      }),
    );
  });

  test("refuses one level more than the limit, and not the limit", () => {
    expect(() => checkJson(nested(LIMITS.jsonDepth))).not.toThrow();
    expect(() => checkJson(nested(LIMITS.jsonDepth + 1))).toThrow(`more than ${LIMITS.jsonDepth} levels`);
  });

  test.each([
    ['{"a":1,"a":2}', "/a"],
    ['{"a":1, "b":{"a":2}, "\\u0061" : 3}', "/a"],
    ['[{"x~/y":1,"x~/y":1}]', "/x~0~1y"],
  ])("refuses a name that is given twice in one object: %s", (text, pointer) => {
    expect(() => checkJson(text)).toThrow(
      expect.objectContaining({ fields: { errors: [{ pointer, detail: "is given more than once" }] } }),
    );
  });

  test.each(['{"a":"a","b":["a","a"]}', '{"a":{"a":{"a":1}}}', '["{\\"a\\":1,\\"a\\":2}"]'])(
    "accepts a name again where it is a value or in another object: %s",
    (text) => {
      expect(() => checkJson(text)).not.toThrow();
    },
  );
});
