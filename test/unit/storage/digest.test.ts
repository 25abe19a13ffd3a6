import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../src/storage/digest.ts";

test("sha256 agrees with Node's for strings and bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: "grapheme" }), fc.uint8Array()), async (data) => {
      expect(await sha256(data)).toBe(createHash("sha256").update(data).digest("hex"));
    }),
  );
});
