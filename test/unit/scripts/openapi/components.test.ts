import { describe, expect, test } from "vitest";
import { buildComponents } from "../../../../scripts/openapi/components.ts";
import type { Described } from "../../../../scripts/schema-comments.ts";

const said = (comment: string, own: boolean, fields: Record<string, Described> = {}): Described => ({
  comment,
  own,
  fields: new Map(Object.entries(fields)),
  items: undefined,
});
const comments = new Map([
  [
    "Region",
    said("A region.", false, { box: said("Of the box.", false), score: said("Own.", true), id: said("Id.", true) }),
  ],
]);
type Schema = { description?: string; required?: string[]; properties: Record<string, Record<string, unknown>> };
const { Region, RecognizeRequest, RecognizeAnswer, EntityQuery } = buildComponents(comments) as Record<string, Schema>;

describe("buildComponents", () => {
  test("describes a schema and its fields by their comments", () => {
    expect(Region?.description).toBe("A region.");
    expect(Region?.properties.id).toMatchObject({ description: "Id.", type: "string" });
  });

  test("describes a reference only when the comment is the field's own", () => {
    expect(Region?.properties.box).toEqual({ $ref: "#/components/schemas/Box" });
    expect(Region?.properties.score).toMatchObject({ description: "Own." });
  });

  test("leaves fields with a default optional in requests, and requires them in answers", () => {
    expect(RecognizeRequest?.required ?? []).toEqual([]);
    expect(RecognizeAnswer?.required).toContain("overlay_url");
  });

  test("says which fields are required of a post and of an entity query", () => {
    expect(RecognizeRequest).toMatchObject({
      if: { required: ["text"] },
      else: { required: ["tokens"] },
      not: { required: ["text", "tokens"] },
    });
    expect(EntityQuery).toMatchObject({ if: { required: ["text"] }, else: { required: ["expression"] } });
  });
});
