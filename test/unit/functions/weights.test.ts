import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import manifest from "../../../functions/weights/manifest.json" with { type: "json" };
import { readWeights, weightsEntry } from "../../../functions/weights.ts";

describe("weightsEntry", () => {
  it("throws when the manifest has no entry for the file", () => {
    expect(() => weightsEntry("other.onnx")).toThrow("functions/weights/manifest.json has no entry for other.onnx");
  });
});

describe("readWeights", () => {
  it.each(manifest.weights.map(({ file }) => file))(
    "reads %s, in the size and with the digest of its entry",
    async (file) => {
      const bytes = await readWeights(file);
      const { sha256, bytes: length, licence, source } = weightsEntry(file);
      const stored = file.endsWith(".br") ? readFileSync(`functions/weights/${file}`) : bytes;
      expect(stored.length).toBe(length);
      expect(createHash("sha256").update(stored).digest("hex")).toBe(sha256);
      expect(bytes.length).toBeGreaterThanOrEqual(length);
      expect([licence, source].every((text) => text.length > 0)).toBe(true);
    },
  );

  it("throws when the file is not in the manifest, whatever its path", async () => {
    await expect(readWeights("../../package.json")).rejects.toThrow("has no entry for ../../package.json");
  });
});
