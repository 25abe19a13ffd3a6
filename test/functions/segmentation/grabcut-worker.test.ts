import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import type { GrabCutJob, GrabCutReply } from "../../../functions/segmentation/grabcut-worker.ts";

const script = new URL("../../../functions/segmentation/grabcut-worker.ts", import.meta.url);
const worker = new Worker(script, { execArgv: [] });
afterAll(async () => {
  await worker.terminate();
});

const SIDE = 32;
const isInside = (cell: number) => cell % SIDE >= 8 && cell % SIDE < 24 && cell >= 8 * SIDE && cell < 24 * SIDE;
/** A red square on blue, with a frame of known background and a middle of known foreground. */
const JOB: GrabCutJob = {
  pixels: Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, index) => {
    const cell = Math.floor(index / 3);
    return index % 3 === (isInside(cell) ? 0 : 2) ? 200 + (cell % 5) : 20 + (cell % 7);
  }),
  trimap: Uint8Array.from({ length: SIDE * SIDE }, (_, cell) => {
    const [x, y] = [cell % SIDE, Math.floor(cell / SIDE)];
    if (Math.min(x, y) < 4 || Math.max(x, y) >= SIDE - 4) return 0;
    return Math.max(Math.abs(x - 16), Math.abs(y - 16)) < 3 ? 1 : 3;
  }),
  width: SIDE,
  height: SIDE,
  iterations: 2,
};

async function cut(job: GrabCutJob): Promise<GrabCutReply> {
  worker.postMessage(job);
  const [reply] = await once(worker, "message");
  return reply;
}

describe("the GrabCut worker", () => {
  it("separates an object by its colours", async () => {
    const reply = await cut(JOB);
    if ("error" in reply) throw new Error(reply.error);
    const expected = Uint8Array.from({ length: SIDE * SIDE }, (_, cell) => Number(isInside(cell)));
    expect(reply.mask.filter((value, cell) => value !== expected[cell]).length).toBeLessThan(20);
  });

  it("answers with OpenCV's message when the job is impossible, and takes the next", async () => {
    expect(await cut({ ...JOB, width: 0, height: 0 })).toHaveProperty("error");
    expect(await cut(JOB)).toHaveProperty("mask");
  });
});
