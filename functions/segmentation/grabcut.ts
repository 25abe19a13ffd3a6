import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Box } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import { cleanMask } from "./components.ts";
import { type Crop, cropAround, cropPixels } from "./crop.ts";
import type { GrabCutJob, GrabCutReply } from "./grabcut-worker.ts";
import { placeMask } from "./mask.ts";
import { bytesFrom } from "./plane.ts";
import type { Segment } from "./segment.ts";

/** The algorithm's name in answers. It is no model, so the manifest has no weights for it. */
export const GRABCUT = "grabcut";

/**
 * Cells of a crop's long side. A cut's time grows with the area. Measured on 2 cores: 20 to 200 ms at 256, 40 to 400 ms
 * at 384.
 */
export const GRABCUT_SIDE = 256;
/** Least cells of a crop's side: k-means needs five samples of foreground and of background. */
const SHORT_SIDE = 16;
/** Margin around the box that counts as background, as a share of the box's sides. */
const MARGIN = 0.15;
const ITERATIONS = 3;
/**
 * Radius of the core that counts as foreground; the middles of the box's sides are at 1. With a core, the IoU of the
 * astronaut's mask from her box alone is 0.94 instead of 0.86.
 */
const CORE = 0.25;
/**
 * Distance from the centre beyond which a cell is in a corner of the box: the middles of the sides are at 1, the
 * corners at 1.41. Set by hand.
 */
const CORNER = 1.26;
/**
 * How long to wait for one cut and the start of its worker, in milliseconds: 20 times the slowest measured.
 */
const TIMEOUT_MS = 8_000;

/**
 * OpenCV in a worker thread, because a cut blocks its thread. It makes one cut at a time. A crash or a timeout fails
 * that cut, and the next cut starts a new worker.
 */
export class GrabCut {
  readonly #script: URL;
  readonly #timeoutMs: number;
  #worker: Worker | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(timeoutMs = TIMEOUT_MS, script = new URL("./grabcut-worker.ts", import.meta.url)) {
    this.#timeoutMs = timeoutMs;
    this.#script = script;
  }

  /** The foreground of a crop, 0 or 1 per cell. Throws when OpenCV reports an error, crashes or takes too long. */
  cut(job: GrabCutJob): Promise<Uint8Array> {
    const result = this.#turn.then(() => this.#ask(job));
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Load OpenCV, so that the first cut need not. */
  async start(): Promise<void> {
    const side = SHORT_SIDE;
    const trimap = Uint8Array.from({ length: side * side }, (_, cell) => (cell % side < side / 2 ? 0 : 3));
    await this.cut({ pixels: new Uint8Array(3 * side * side), trimap, width: side, height: side, iterations: 1 });
  }

  /** End the worker. A later cut starts a new one. */
  async close(): Promise<void> {
    await this.#turn;
    await this.#worker?.terminate();
    this.#worker = null;
  }

  async #ask(job: GrabCutJob): Promise<Uint8Array> {
    const worker = this.#worker ?? this.#startWorker();
    const settled = new AbortController();
    const { signal } = settled;
    // A timer of its own: the runtime may drop the signal of `AbortSignal.timeout`, which nothing else holds.
    const timer = setTimeout(() => settled.abort(), this.#timeoutMs);
    // Only a working worker keeps the process alive.
    worker.ref();
    try {
      worker.postMessage(job);
      const reply: GrabCutReply = await Promise.race([
        once(worker, "message", { signal }).then(([message]) => message),
        once(worker, "exit", { signal }).then(([code]) =>
          Promise.reject(new Error(`the worker ended with code ${code}`)),
        ),
      ]);
      if ("mask" in reply) return reply.mask;
      throw new Error(`GrabCut refused: ${reply.error}`);
    } catch (error) {
      this.#worker = null;
      await worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
      settled.abort();
      worker.unref();
    }
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#script, { execArgv: [] });
    const forget = () => {
      if (this.#worker === worker) this.#worker = null;
    };
    // A running cut listens to these events itself. An idle worker that ends is replaced at the next cut.
    worker.on("error", forget);
    worker.on("exit", forget);
    this.#worker = worker;
    return worker;
  }
}

/** A crop, and what was cut out of it: 0 or 1 a cell. */
export interface Cut {
  readonly crop: Crop;
  readonly data: Uint8Array;
}

/** The mask of the object in a box, from colours alone. The score is null, because a cut has no probability. */
export async function segmentByColour(grabCut: GrabCut, picture: Picture, box: Box): Promise<Segment | null> {
  const { crop, data } = await cutByColour(grabCut, picture, box);
  const mask = placeMask({ ...crop, data }, 0.5, picture, box);
  return mask && { mask, score: null, method: GRABCUT };
}

/** The object in a box, from colours alone. */
export async function cutByColour(grabCut: GrabCut, picture: Picture, box: Box): Promise<Cut> {
  const crop = cropAround(picture, box, MARGIN, GRABCUT_SIDE, SHORT_SIDE);
  const { data: pixels } = await cropPixels(picture, crop);
  return { crop, data: await cutCrop(grabCut, crop, pixels, boxTrimap(crop, box), ITERATIONS) };
}

/** Cut a crop by its trimap, and drop specks and small holes. Empty when the trimap has no foreground. */
export async function cutCrop(
  grabCut: GrabCut,
  crop: Crop,
  pixels: Uint8Array,
  trimap: Uint8Array,
  iterations: number,
): Promise<Uint8Array> {
  if (!trimap.some((label) => label & 1)) return new Uint8Array(trimap.length);
  const { width, height } = crop;
  return cleanMask(await grabCut.cut({ pixels, trimap, width, height, iterations }), crop);
}

/**
 * The trimap of a box alone: outside background, its core foreground, its corners probably background (GrabCut needs
 * some background, and a box over the whole picture has no outside), the rest probably foreground.
 */
export function boxTrimap({ box: frame, width, height }: Crop, box: Box): Uint8Array {
  const trimap = new Uint8Array(width * height);
  // From -1 to 1 inside the box.
  const across = (column: number) =>
    ((frame.xmin + ((column + 0.5) / width) * (frame.xmax - frame.xmin) - box.xmin) / (box.xmax - box.xmin)) * 2 - 1;
  const down = (row: number) =>
    ((frame.ymin + ((row + 0.5) / height) * (frame.ymax - frame.ymin) - box.ymin) / (box.ymax - box.ymin)) * 2 - 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = [across(column), down(row)];
      if (Math.abs(x) >= 1 || Math.abs(y) >= 1) continue;
      const fromCentre = Math.hypot(x, y);
      trimap[row * width + column] = fromCentre < CORE ? 1 : fromCentre > CORNER ? 2 : 3;
    }
  }
  return trimap;
}

/** The trimap of a model's probabilities. Between `low` and `high`, GrabCut decides by colour. */
export function priorTrimap(probability: Float32Array, low: number, high: number): Uint8Array {
  return bytesFrom(probability, (value) => (value >= high ? 1 : value <= low ? 0 : value > 0.5 ? 3 : 2));
}
