import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { createLimiter } from "../net/connections.ts";
import { drawPng, drawSvg } from "../pipeline/draw.ts";
import { type MaskKeeping, maskKeeper } from "../pipeline/keep-mask.ts";
import { type RecognizeTools, recognize } from "../pipeline/recognize.ts";
import { StageRunner } from "../pipeline/run-stage.ts";
import { readPost } from "./read-post.ts";

export interface RecognizeServices
  extends Pick<RecognizeTools, "chains" | "outcomes" | "expansions" | "clock" | "log">,
    Pick<MaskKeeping, "masks" | "links"> {
  /** Milliseconds that one request may take. */
  readonly deadlineMs: number;
}

/** `POST /v1/recognize`. */
export const recognizeRoute = (services: RecognizeServices) =>
  function recognizeRoute(context: Context<RequestVariables>): Promise<Response> {
    const type = negotiate(context.req.header("accept"), ["application/json", "image/svg+xml", "image/png"]);
    const hangUp = context.req.raw.signal;
    const signal = AbortSignal.any([hangUp, AbortSignal.timeout(services.deadlineMs)]);
    const work = answer(context, type, services, signal);
    // Without it a hang-up drops this code on the spot, and nothing upstream is told (workerd; measured in toolchain.md section 6).
    context.executionCtx.waitUntil(work.catch(() => undefined));
    return work;
  };

async function answer(
  context: Context<RequestVariables>,
  type: string,
  services: RecognizeServices,
  signal: AbortSignal,
): Promise<Response> {
  const { log } = services;
  const post = await readPost(context.req.raw, context.get("requestId"));
  if (type !== "application/json" && !post.picture) {
    const errors = [{ pointer: "/image", detail: "is required for an overlay" }];
    throw new ProblemError("invalid_request", `/image is required for ${type}.`, { errors });
  }
  const limit = createLimiter();
  const origin = new URL(context.req.url).origin;
  const keepMask = maskKeeper({ ...services, origin, limit });
  const later = (work: Promise<unknown>) => context.executionCtx.waitUntil(work);
  const { answer, view } = await recognize(post, { ...services, limit, keepMask, later }, signal);
  const stages = answer.stages.map(({ stage, model, attempts, cached, ms }) => ({ stage, model, attempts, cached, ms }));
  log({ event: "recognized", request_id: answer.id, partial: answer.partial, entities: answer.entities.length, stages });

  context.header("Vary", "Accept");
  if (type === "application/json" || !post.picture) return context.json(answer);
  context.header("Content-Type", type);
  const runner = new StageRunner({ ...services, limit }, signal);
  if (type === "image/svg+xml") return context.body(await drawSvg(answer, post.picture, view, runner));
  return context.body((await drawPng(answer, post.picture, view, runner)) as Uint8Array<ArrayBuffer>);
}
