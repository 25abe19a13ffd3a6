import { describe, expect, test } from "vitest";
import { parseField, parseFields } from "../../../src/request/parse-json.ts";

describe("parseFields", () => {
  test("reads an object, with and without a byte order mark", () => {
    expect(parseFields('{"text":"\ufeffa"}', "")).toEqual({ text: "\ufeffa" });
    expect(parseFields('\ufeff{"text":"a"}', "/request")).toEqual({ text: "a" });
  });

  test.each([
    ["{", "invalid_json", {}],
    ["\ufeff\ufeff{}", "invalid_json", {}],
    ["[]", "invalid_request", { errors: [{ pointer: "/request", detail: "must be a JSON object" }] }],
    ['{"a":1,"a":2}', "invalid_request", { errors: [{ pointer: "/a", detail: "is given more than once" }] }],
  ])("refuses %s", (text, code, fields) => {
    expect(() => parseFields(text, "/request")).toThrow(expect.objectContaining({ code, fields }));
  });
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
    ['["True"]', ["True"]],
  ])("reads %j", (text, value) => {
    expect(parseField("store", text)).toEqual(value);
  });

  test("points to a duplicate inside its field", () => {
    const errors = [{ pointer: "/thresholds/mention", detail: "is given more than once" }];
    const refused = expect.objectContaining({ fields: { errors } });
    expect(() => parseField("thresholds", '{"mention":0,"mention":1}')).toThrow(refused);
  });
});
