import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";

/** A crop to cut: `pixels` is 8-bit RGB; both arrays go row by row. */
export interface GrabCutJob {
  readonly pixels: Uint8Array;
  /** OpenCV's classes, one a cell: 0 background, 1 foreground, 2 probably background, 3 probably foreground. */
  readonly trimap: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly iterations: number;
}

/** `mask` is 1 where GrabCut found foreground. */
export type GrabCutReply = { readonly mask: Uint8Array } | { readonly error: string };

type OpenCv = typeof import("@techstark/opencv-js");

// OpenCV is a CommonJS module, and fills its exports only once its WebAssembly runs.
const cv: OpenCv = createRequire(import.meta.url)("@techstark/opencv-js");
const ready = new Promise<void>((resolve) => {
  if (cv.Mat) resolve();
  else Object.assign(cv, { onRuntimeInitialized: resolve });
});

parentPort?.on("message", async (job: GrabCutJob) => {
  await ready;
  parentPort?.postMessage(answer(job));
});

function answer(job: GrabCutJob): GrabCutReply {
  try {
    return { mask: grabCut(job) };
  } catch (error) {
    return { error: typeof error === "number" ? cv.exceptionFromPtr(error).msg : String(error) };
  }
}

/** GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004), begun from a trimap. */
function grabCut({ pixels, trimap, width, height, iterations }: GrabCutJob): Uint8Array {
  // The colour models start from k-means. Without a fixed seed, its random state would carry over between cuts.
  cv.setRNGSeed(0);
  const picture = new cv.Mat(height, width, cv.CV_8UC3);
  const mask = new cv.Mat(height, width, cv.CV_8UC1);
  const models = [new cv.Mat(), new cv.Mat()] as const;
  try {
    picture.data.set(pixels);
    mask.data.set(trimap);
    cv.grabCut(picture, mask, new cv.Rect(0, 0, 0, 0), models[0], models[1], iterations, cv.GC_INIT_WITH_MASK);
    return mask.data.map((label) => label & 1);
  } finally {
    for (const matrix of [picture, mask, ...models]) matrix.delete();
  }
}
