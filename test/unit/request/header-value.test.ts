import { expect, test } from "vitest";
import { parseHeader } from "../../../src/request/header-value.ts";

test.each<[header: string, value: string, parameters: Record<string, string>]>([
  ["", "", {}],
  ["Text/Plain", "text/plain", {}],
  ['form-data; name="text"; filename="a.png"', "form-data", { name: "text", filename: "a.png" }],
  ["form-data; name=text; filename=a.png", "form-data", { name: "text", filename: "a.png" }],
  ["FORM-DATA;NAME = Text ;FileName= a b.png", "form-data", { name: "Text", filename: "a b.png" }],
  ['form-data; name="a;b\\"c\\\\d=e"', "form-data", { name: 'a;b"c\\d=e' }],
  ['form-data; filename="C:\\new\\a.png"', "form-data", { filename: "C:\\new\\a.png" }],
  [
    "form-data; filename*=UTF-8''a%20b.png; name=image",
    "form-data",
    { "filename*": "UTF-8''a%20b.png", name: "image" },
  ],
  ['form-data; name="text', "form-data", { name: '"text' }],
  ['form-data; name="a"x; name=b; ; =c; d', "form-data", { name: "a", d: "" }],
  ["multipart/form-data; boundary=a=b", "multipart/form-data", { boundary: "a=b" }],
])("parseHeader reads %j", (header, value, parameters) => {
  const parsed = parseHeader(header);
  expect([parsed.value, Object.fromEntries(parsed.parameters)]).toEqual([value, parameters]);
});
