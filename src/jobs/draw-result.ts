import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { claimDrawing, claimSvg, drawPng, drawSvg } from "../pipeline/picture/draw.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import { startRun } from "../pipeline/run.ts";
import { requirePicture } from "../request/require-picture.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { JobPictures } from "../storage/job-pictures.ts";

/** What drawing the result of a job needs. */
export interface DrawDependencies extends Deployment {
  readonly jobPictures: JobPictures<Picture>;
}

/** The result that is drawn, and for whom. */
export interface Drawing {
  /** The job's id. */
  readonly job: string;
  readonly account: string;
  /** The id of the request that is answered with it, for logs. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** The base of the links that models get. */
  readonly origin: URL;
  /** Takes work that goes on behind it. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/**
 * The answer of a job drawn on its picture, as PNG or SVG.
 *
 * @throws ProblemError when the job has no picture, or it cannot be drawn on
 */
export function drawResult(
  { job, account, ...options }: Drawing,
  answer: Pick<RecognizeAnswer, "entities" | "partial">,
  type: "image/png" | "image/svg+xml",
  deployment: DrawDependencies,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const { jobPictures, timer, storeMs, deadlineMs } = deployment;
  return startRun({ ...options, account, deadlineMs, store: false }, deployment, async (run) => {
    // Claimed before the picture is read: it may have some megabytes.
    const claim = (bytes: number) => (type === "image/png" ? claimDrawing(run) : claimSvg(bytes, run));
    const kept = await untilAborted(jobPictures.get(account, job, claim), timer(storeMs));
    const picture = requirePicture(kept, "for an overlay");
    return (type === "image/png" ? drawPng : drawSvg)(answer, picture, null, run);
  });
}
