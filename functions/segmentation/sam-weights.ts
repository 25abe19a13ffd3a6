import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import * as z from "zod/mini";
import { createSession } from "../weights.ts";

/** Segment Anything's encoder and decoder, loaded, and their name in answers. */
export interface SamWeights {
  readonly encoder: InferenceSession;
  readonly decoder: InferenceSession;
  readonly method: string;
  readonly version: string;
}

const Manifest = z.object({
  weights: z.array(
    z.object({ file: z.string(), method: z.string(), version: z.string(), licence: z.string(), sha256: z.string() }),
  ),
});
type Entry = z.infer<typeof Manifest>["weights"][number];

const DECODER_INPUTS = [
  "image_embeddings",
  "point_coords",
  "point_labels",
  "mask_input",
  "has_mask_input",
  "orig_im_size",
];
const DECODER_OUTPUTS = ["masks", "iou_predictions"];

/**
 * Load the weights that the environment names; null when it names none. A `manifest.json` beside them gives their name
 * and digests, for both files. Without one, nothing is checked and the method is "sam". Throws when only one file is
 * named, when a digest differs, or when the decoder has not the signature of segment-anything's own export.
 */
export async function loadSamWeights(env: Record<string, string | undefined>): Promise<SamWeights | null> {
  const { SAM_ENCODER, SAM_DECODER } = env;
  if (!SAM_ENCODER && !SAM_DECODER) return null;
  if (!SAM_ENCODER || !SAM_DECODER) throw new Error("SAM_ENCODER and SAM_DECODER go together: only one of them is set");
  const named = await Promise.all([checkedEntry(SAM_ENCODER), checkedEntry(SAM_DECODER)]);
  const [first, second] = named;
  if (first?.method !== second?.method)
    throw new Error(`${SAM_ENCODER} and ${SAM_DECODER} are different models, by their manifests`);
  const [encoder, decoder] = await Promise.all([createSession(SAM_ENCODER), createSession(SAM_DECODER)]);
  const missing = [
    ...DECODER_INPUTS.filter((name) => !decoder.inputNames.includes(name)),
    ...DECODER_OUTPUTS.filter((name) => !decoder.outputNames.includes(name)),
  ];
  if (missing.length > 0)
    throw new Error(`${SAM_DECODER} is not segment-anything's ONNX export: it lacks ${missing.join(", ")}`);
  return { encoder, decoder, method: first?.method ?? "sam", version: first?.version ?? "unknown" };
}

/** A file's entry in the manifest beside it, once the digest is checked; undefined when there is no manifest. */
async function checkedEntry(path: string): Promise<Entry | undefined> {
  const manifestPath = join(dirname(path), "manifest.json");
  const text = await readFile(manifestPath, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const entry = Manifest.parse(JSON.parse(text)).weights.find(({ file }) => file === basename(path));
  if (!entry) throw new Error(`${manifestPath} has no entry for ${basename(path)}`);
  const digest = await sha256(path);
  if (digest !== entry.sha256) throw new Error(`${path} has SHA-256 ${digest}, its manifest says ${entry.sha256}`);
  return entry;
}

/** The digest of a file that may be too large for memory. */
async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
