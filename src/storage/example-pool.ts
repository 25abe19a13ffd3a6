import * as z from "zod/mini";
import { fromBase64 } from "../../schemas/encodings.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ModelName } from "../../schemas/primitives.ts";
import { KnowledgeExample } from "../../schemas/stages/knowledge.ts";

/** Where `npm run knowledge -- load` puts the pool. */
export const POOL_KEY = "knowledge/examples.jsonl";
/** Least time before a pool that was not there, or not readable, is looked for again, in milliseconds. */
const AGAIN_MS = 60_000;

/** The pool's first line. */
const Heading = z.strictObject({ model: ModelName });
/** Each other line: an example, and its vector as base64 of 32-bit floats, least significant byte first. */
const Line = z.strictObject({ ...KnowledgeExample.shape, vector: z.string() });

export interface PooledExample {
  readonly example: KnowledgeExample;
  readonly vector: Float32Array;
}

/** Posts with the analyses that somebody wrote of them, and their texts' vectors. */
export interface Pool {
  /** The name of the model that made the vectors. */
  readonly model: string;
  readonly examples: readonly PooledExample[];
}

/** The pool of examples in R2. An isolate reads it once and keeps it in memory. */
export class ExamplePool {
  readonly #bucket: R2Bucket;
  readonly #clock: () => number;
  #pool: Pool | null = null;
  #again = Number.NEGATIVE_INFINITY;

  /** @param clock Unix time in milliseconds */
  constructor(bucket: R2Bucket, clock: () => number) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  /** The pool; null when there is none. Throws when it cannot be read; within a minute after that, it is null. */
  async load(): Promise<Pool | null> {
    if (this.#pool || this.#clock() < this.#again) return this.#pool;
    this.#again = this.#clock() + AGAIN_MS;
    const file = await this.#bucket.get(POOL_KEY);
    if (!file) return null;
    if (file.size > LIMITS.poolBytes) {
      await file.body.cancel();
      throw new Error(`the pool of examples has more than ${LIMITS.poolBytes} bytes`);
    }
    this.#pool = readPool(await file.text());
    return this.#pool;
  }
}

/** Reads the lines of a pool. Throws an `Error` that names the first wrong one. */
export function readPool(text: string): Pool {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length > LIMITS.poolExamples + 1) throw new Error(`more than ${LIMITS.poolExamples} examples`);
  const [heading = "", ...others] = lines;
  const { model } = parseLine(Heading, heading, 1);
  const examples = others.map((line, index) => {
    const { vector, ...example } = parseLine(Line, line, index + 2);
    return { example, vector: vectorOf(vector) };
  });
  const length = examples[0]?.vector.length ?? 0;
  const odd = examples.findIndex(({ vector }) => vector.length === 0 || vector.length !== length);
  if (odd >= 0) throw new Error(`line ${odd + 2}: its vector has another length than the first`);
  return { model, examples };
}

function parseLine<T>(shape: z.ZodMiniType<T>, line: string, number: number): T {
  try {
    return shape.parse(JSON.parse(line));
  } catch {
    throw new Error(`line ${number} of the pool is not readable`);
  }
}

function vectorOf(base64: string): Float32Array {
  const bytes = fromBase64(base64) ?? new Uint8Array();
  if (bytes.length % 4 !== 0 || bytes.length > 4 * LIMITS.embeddingLength) return new Float32Array();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}
