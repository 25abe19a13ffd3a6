import { describe, expect, test } from "vitest";
import { replyOf } from "../../../../eval/segment/reply.ts";
import { boxMask } from "../../../support/segment-server.ts";

const SIZE = { width: 6, height: 4 };
const MASK = boxMask([1, 1, 3, 3], 6, 4);
const answer = (...masks: Array<{ mask: unknown; mask_reason?: string | null }>) => ({
  id: "req_1",
  image: { ...SIZE, sha256: "" },
  masks: masks.map((mask) => ({ mask_reason: null, ...mask })),
  charge: { amount_usd: "0.006", units: {}, balance_usd: null },
});
const read = (value: unknown, boxes = 1) => replyOf(value, boxes, SIZE, "https://one.example");

describe("replyOf", () => {
  test("gives masks, reasons and nano-dollars", () => {
    const reply = read(answer({ mask: MASK }, { mask: null, mask_reason: "outside_box" }, { mask: null }), 3);
    expect(reply).toEqual({
      results: [{ mask: MASK }, { reason: "outside_box" }, { reason: "no_mask" }],
      cost: 6_000_000,
    });
    expect(read({ ...answer({ mask: MASK }), charge: null }).cost).toBe(0);
  });

  test("a mask without a pixel is none", () => {
    expect(read(answer({ mask: { size: [4, 6], counts: "h0" } })).results).toEqual([{ reason: "no_mask" }]);
  });

  test.each([
    [
      "a mask of another size",
      answer({ mask: boxMask([0, 0, 2, 2], 4, 6) }),
      "the size [6, 4], and the picture [4, 6]",
    ],
    [
      "counts that do not fill the size",
      answer({ mask: { size: [4, 6], counts: "12" } }),
      "cannot be read: RLE covers 3",
    ],
    ["counts that are none", answer({ mask: { size: [4, 6], counts: "~" } }), "malformed RLE at character 0"],
    [
      "another picture",
      { ...answer({ mask: MASK }), image: { width: 4, height: 6 } },
      "a picture of 4 × 6 pixels, and the file has 6 × 4",
    ],
  ])("refuses %s", (_, value, message) => {
    expect(() => read(value)).toThrow(message);
  });

  test.each([
    ["no object", null],
    ["fewer masks than boxes", answer()],
    ["polygons", answer({ mask: { size: [4, 6], polygons: [] } })],
    ["an amount that is no amount", { ...answer({ mask: MASK }), charge: { amount_usd: "-1" } }],
  ])("is no answer of the API: %s", (_, value) => {
    expect(() => read(value)).toThrow("https://one.example does not answer as Namesight does");
  });
});
