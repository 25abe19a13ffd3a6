import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import {
  Box,
  CocoMask,
  listOf,
  ModelName,
  PolygonMask,
  RleMask,
  Score,
  Size,
  Span,
  StageEntity,
  Tokens,
} from "../../../schemas/primitives.ts";

describe("the primitive schemas", () => {
  test.each([
    ["a score", Score, [0, 0.5, 1], [-0.01, 1.01, Number.NaN, "1", null]],
    ["a span", Span, [{ start: 0, end: 4 }], [{ start: -1, end: 4 }, { start: 0.5, end: 4 }, { start: 0 }]],
    ["a size", Size, [{ width: 1, height: 1 }], [{ width: 0, height: 1 }, { width: 1.5, height: 1 }, { width: 1 }]],
    [
      "a box",
      Box,
      [{ xmin: -1, ymin: 0.5, xmax: 2, ymax: 3 }],
      [{ xmin: 0, ymin: 0, xmax: 1 }, [0, 0, 1, 1], { xmin: 0, ymin: 0, xmax: 1, ymax: Number.POSITIVE_INFINITY }],
    ],
    [
      "an RLE mask",
      RleMask,
      [{ size: [2, 3], counts: "6" }],
      [
        { size: [2], counts: "6" },
        { size: [0, 3], counts: "" },
        { size: [2, 3], counts: [6] },
      ],
    ],
    [
      "a polygon mask",
      PolygonMask,
      [{ size: [2, 3], polygons: [[[0, 0, 1, 0, 1, 1]]] }],
      [{ size: [2, 3], polygons: [[0, 0, 1, 0]] }],
    ],
    [
      "COCO's polygons",
      CocoMask,
      [
        { size: [2, 3], segmentation: [[0, 0, 1, 0, 1, 1]] },
        { size: [2, 3], segmentation: [] },
      ],
      [
        { size: [2, 3], segmentation: [[0, 0, 1, 0]] },
        { size: [2, 3], segmentation: [[[0, 0, 1, 0, 1, 1]]] },
      ],
    ],
    [
      "tokens",
      Tokens,
      [["a"], Array.from({ length: LIMITS.tokens }, () => "a")],
      [[], [""], Array.from({ length: LIMITS.tokens + 1 }, () => "a")],
    ],
    [
      "an entity of a stage",
      StageEntity,
      [{ id: "e1" }, { id: "e1", text: "NASA", type: "ORG", expression: "a logo" }],
      [{ id: "" }, { text: "NASA" }, { id: "e1", name: "NASA" }],
    ],
  ])("take %s only within its bounds", (_, schema, valid, invalid) => {
    for (const value of valid) expect([value, schema.safeParse(value).success]).toEqual([value, true]);
    for (const value of invalid) expect([value, schema.safeParse(value).success]).toEqual([value, false]);
  });
});

describe("ModelName", () => {
  test.each([
    "coco-ssd+pp-ocrv4",
    "rule:no-evidence",
    "@cf/moondream/moondream3.1-9B-A2B",
    "hf.co/unsloth/Qwen3:Q4_K_M",
    "sha256:9b1c",
    "1",
    "x".repeat(LIMITS.modelNameLength),
  ])("takes %j", (name) => {
    expect(ModelName.safeParse(name).success).toBe(true);
  });

  test.each(["", "a name", "/home/me/model.gguf", "a\nb", "<b>", "“x”", "x".repeat(LIMITS.modelNameLength + 1)])(
    "refuses %j",
    (name) => {
      expect(ModelName.safeParse(name).success).toBe(false);
    },
  );
});

describe("listOf", () => {
  /** A schema that counts how many items it has read. */
  function counting() {
    let count = 0;
    const item = z.unknown().check(
      z.refine(() => {
        count++;
        return true;
      }),
    );
    return { item, count: () => count };
  }

  test("reads no item of a list that is too long, and gives one fault", () => {
    const { item, count } = counting();
    const { error } = listOf(item, 3).safeParse([1, 2, 3, 4]);
    expect([error?.issues.length, count()]).toEqual([1, 0]);
    expect(listOf(item, 3).safeParse([1, 2, 3]).success).toBe(true);
    expect(count()).toBe(3);
  });

  test("is an array of so many items in JSON Schema, as functions publish it", () => {
    const schema = z.toJSONSchema(listOf(z.string(), 3), { io: "output" });
    expect(schema).toMatchObject({ type: "array", maxItems: 3, items: { type: "string" } });
  });
});
