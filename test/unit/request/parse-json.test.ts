import { describe, expect, test, vi } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { parseField, parseFields } from "../../../src/request/parse-json.ts";

describe("parseFields", () => {
  test("reads an object, with and without a byte order mark", () => {
    expect(parseFields('{"text":"\ufeffa"}', "")).toEqual({ text: "\ufeffa" });
    expect(parseFields('\ufeff{"text":"a"}', "/request")).toEqual({ text: "a" });
  });

  test.each([
    ["{", "invalid_json", { errors: [{ pointer: "/request", detail: "is not valid JSON" }] }],
    ["\ufeff\ufeff{}", "invalid_json", { errors: [{ pointer: "/request", detail: "is not valid JSON" }] }],
    ["[]", "invalid_request", { errors: [{ pointer: "/request", detail: "must be a JSON object" }] }],
    ['{"a":1,"a":2}', "invalid_request", { errors: [{ pointer: "/a", detail: "is given more than once" }] }],
  ])("refuses %s", (text, code, fields) => {
    expect(() => parseFields(text, "/request")).toThrow(expect.objectContaining({ code, fields }));
  });
});

test.each([
  ["too deep", "[".repeat(LIMITS.jsonDepth + 1)],
  ["too many names", `{${Array.from({ length: LIMITS.jsonValues }, (_, index) => `"k${index}":1`).join(",")}}`],
  ["too many values", `{"a":[${"1,".repeat(LIMITS.jsonValues)}1]}`],
])("refuses JSON that is %s before it makes a value of it", (_, text) => {
  const parse = vi.spyOn(JSON, "parse");
  for (const read of [() => parseFields(text, ""), () => parseField("boxes", text, false)]) {
    expect(read).toThrow(expect.objectContaining({ code: "invalid_request" }));
  }
  expect(parse.mock.calls.filter(([json]) => json.length > 100)).toEqual([]);
  parse.mockRestore();
});

describe("parseField", () => {
  test.each([
    ["3", 3],
    ["\ufeff[1]", [1]],
    ["fine", "fine"],
    ["true", true],
    ["True", true],
    ["False", false],
    [" FALSE\r\n", false],
    ["None", "None"],
    ["True story", "True story"],
    [`true${" ".repeat(500)}x`, `true${" ".repeat(500)}x`],
    ['["True"]', ["True"]],
  ])("reads %j", (text, value) => {
    expect(parseField("store", text, true)).toEqual(value);
  });

  test.each([
    ["labels", "{bad", true],
    ["labels", ' ["fine"', true],
    ["store", '"true', true],
    ["webhook", "{bad", false],
    ["entities", "[{", false],
    ["thresholds", "NaN", false],
    ["tokens", "a b", false],
    ["boxes", "", false],
  ])("refuses %s that is %j", (name, text, isWord) => {
    const fields = { errors: [{ pointer: `/${name}`, detail: "is not valid JSON" }] };
    expect(() => parseField(name, text, isWord)).toThrow(expect.objectContaining({ code: "invalid_json", fields }));
  });

  test("points to a duplicate inside its field", () => {
    const errors = [{ pointer: "/thresholds/mention", detail: "is given more than once" }];
    const refused = expect.objectContaining({ fields: { errors } });
    expect(() => parseField("thresholds", '{"mention":0,"mention":1}', false)).toThrow(refused);
  });
});
