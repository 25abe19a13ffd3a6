import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../../../../schemas/operations.ts";
import { buildComponents } from "../../../../scripts/openapi/components.ts";
import { formOf } from "../../../../scripts/openapi/form.ts";

const schemas = buildComponents(new Map());
const form = (name: string) =>
  formOf(name, schemas) as {
    schema: { properties: Record<string, { contentSchema?: object; contentMediaType?: string }> };
    encoding: Record<string, { contentType: string }>;
  };
const takes = (schema: object, value: object) =>
  new Validator({ ...schema, components: { schemas } } as object, "2020-12").validate(value).valid;

describe("formOf", () => {
  test.each([
    ["a text", { text: "a" }, true],
    ["tokens as JSON", { tokens: '["a"]', offset_encoding: "token" }, true],
    ["plain numbers and booleans", { text: "a", max_entities: 3, store: false }, true],
    ["a file and a text", { image: "bytes", text: "a" }, true],
    ["everything in one part", { request: '{"text":"a"}' }, true],
    ["one part and the picture", { image: "bytes", request: "{}" }, true],
    ["nothing", {}, false],
    ["a list that is no text", { tokens: ["a"] }, false],
    ["a text and tokens", { text: "a", tokens: '["a"]' }, false],
    ["positions in tokens of a text", { text: "a", offset_encoding: "token" }, false],
    ["one part and a field", { request: "{}", text: "a" }, false],
    ["one part and another field", { request: "{}", store: true }, false],
    ["an unknown part", { text: "a", caption: "b" }, false],
  ])("says of a form with %s whether /v1/recognize takes it", (_, parts, expected) => {
    expect(takes(form("RecognizeRequest").schema, parts)).toBe(expected);
  });

  test("requires the picture in every form, and the other required fields unless they are in one part", () => {
    const { schema } = form("SegmentRequest");
    expect(takes(schema, { image: "bytes", boxes: "[]" })).toBe(true);
    expect(takes(schema, { image: "bytes", request: "{}" })).toBe(true);
    expect(takes(schema, { image: "bytes" })).toBe(false);
    expect(takes(schema, { boxes: "[]" })).toBe(false);
  });

  test("describes the JSON of a part, and of all fields but the picture together", () => {
    const { tokens, request, labels } = form("RecognizeRequest").schema.properties;
    expect(takes(tokens?.contentSchema ?? {}, ["a"])).toBe(true);
    expect(takes(tokens?.contentSchema ?? {}, [])).toBe(false);
    const whole = request?.contentSchema ?? {};
    expect(takes(whole, { text: "a" })).toBe(true);
    expect(takes(whole, {})).toBe(false);
    expect(takes(whole, { text: "a", image: "b" })).toBe(false);
    expect(labels).toMatchObject({
      anyOf: [{ enum: ["gmner", "fine"] }, { contentMediaType: "application/json", contentSchema: { type: "array" } }],
    });
  });

  test("names the type of each part that is not plain text", () => {
    expect(form("RecognizeRequest").encoding).toEqual({
      image: { contentType: "image/jpeg, image/png, image/webp" },
      ...Object.fromEntries(
        ["webhook", "tokens", "entities", "thresholds", "request"].map((name) => [
          name,
          { contentType: "application/json" },
        ]),
      ),
    });
  });

  test("has every field of every request", () => {
    for (const { request } of OPERATIONS) {
      if (!request) continue;
      const { properties } = schemas[request.name] as { properties: object };
      expect(Object.keys(form(request.name).schema.properties).sort()).toEqual(
        [...Object.keys(properties), "request"].sort(),
      );
    }
  });
});
