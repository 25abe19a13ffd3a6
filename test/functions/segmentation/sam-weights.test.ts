import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { loadSamWeights } from "../../../functions/segmentation/sam-weights.ts";

const tiny = fileURLToPath(new URL("../../support/sam-tiny", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "namesight-sam-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const pair = (of: string) => ({ SAM_ENCODER: join(of, "encoder.onnx"), SAM_DECODER: join(of, "decoder.onnx") });
/** A folder of its own with the tiny weights. */
function copyOfTiny(name: string): string {
  const copy = join(folder, name);
  cpSync(tiny, copy, { recursive: true });
  return copy;
}

describe("loadSamWeights", () => {
  it("returns null when the environment names no weights", async () => {
    expect(await loadSamWeights({})).toBeNull();
  });

  it("takes the name and the version from the manifest beside the files", async () => {
    expect(await loadSamWeights(pair(tiny))).toMatchObject({ method: "test-random-weights" });
  });

  it("calls the model sam when there is no manifest", async () => {
    const copy = copyOfTiny("no-manifest");
    rmSync(join(copy, "manifest.json"));
    expect(await loadSamWeights(pair(copy))).toMatchObject({ method: "sam", version: "unknown" });
  });

  it.each(["SAM_ENCODER", "SAM_DECODER"] as const)("throws when %s is missing", async (missing) => {
    await expect(loadSamWeights({ ...pair(tiny), [missing]: undefined })).rejects.toThrow("go together");
  });

  it("throws when the decoder has another signature", async () => {
    const { SAM_ENCODER, SAM_DECODER } = pair(tiny);
    await expect(loadSamWeights({ SAM_ENCODER: SAM_DECODER, SAM_DECODER: SAM_ENCODER })).rejects.toThrow(
      "is not segment-anything's ONNX export",
    );
  });

  it("throws when a digest differs from the manifest's", async () => {
    const copy = copyOfTiny("other-bytes");
    writeFileSync(join(copy, "encoder.onnx"), "other bytes");
    await expect(loadSamWeights(pair(copy))).rejects.toThrow(/encoder\.onnx has SHA-256 .* its manifest says/);
  });

  it("throws when the manifest has no entry for a file", async () => {
    const copy = copyOfTiny("no-entry");
    writeFileSync(join(copy, "manifest.json"), JSON.stringify({ weights: [] }));
    await expect(loadSamWeights(pair(copy))).rejects.toThrow(/manifest.json has no entry for (en|de)coder.onnx/);
  });
});
