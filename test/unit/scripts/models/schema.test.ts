import { describe, expect, test } from "vitest";
import { differencesOf, readVersionSchema } from "../../../../scripts/models/schema.ts";
import { uri } from "../../../support/replicate-schemas.ts";

const wrap = (Output: unknown, more: object = {}) => ({
  components: { schemas: { Input: { properties: { image: uri } }, Output, ...more } },
});
const outputs = (Output: unknown, more: object = {}) => readVersionSchema(wrap(Output, more))?.outputs;

describe("readVersionSchema", () => {
  test.each<[what: string, output: unknown, types: string[]]>([
    ["a value", uri, ["string"]],
    ["of any type", { title: "Output" }, []],
    ["missing", undefined, []],
    ["one of several", { anyOf: [{ type: "string" }, { type: "array", items: {} }] }, ["string", "array"]],
    ["a reference", { $ref: "#/components/schemas/Boxes" }, ["object"]],
    ["a reference in a choice", { allOf: [{ $ref: "#/components/schemas/Boxes" }], nullable: true }, ["object"]],
    ["a reference to itself", { $ref: "#/components/schemas/Output" }, []],
  ])("reads the types of an output that is %s", (_, output, types) => {
    expect(
      outputs(output, { Boxes: { type: "object", properties: { detections: {} } } })?.map(({ type }) => type),
    ).toEqual(types);
  });

  test.each([
    [null],
    [7],
    [{}],
    [{ components: {} }],
    [{ components: { schemas: {} } }],
    [{ components: { schemas: { Input: { properties: [] } } } }],
  ])("returns null when it is given %j", (openapi) => {
    expect(readVersionSchema(openapi)).toBeNull();
  });
});

describe("differencesOf", () => {
  test.each<[reads: string[], output: object, differences: string[]]>([
    [["detections"], { type: "object", properties: { detections: {}, result_image: {} } }, []],
    [
      ["detections"],
      { type: "object", properties: { boxes: {} } },
      ['our code reads "detections" of its output, which has no such property'],
    ],
    [["detections"], { type: "object" }, []],
    [["detections"], { type: "array" }, ["its output is array, and our code reads object"]],
    [["detections"], {}, []],
  ])("returns the differences when our code reads %j of %j", (reads, output, differences) => {
    const found = readVersionSchema(wrap(output));
    expect(
      found && differencesOf(found, { version: null, inputs: ["image"], output: { type: "object", reads } }),
    ).toEqual(differences);
  });
});
