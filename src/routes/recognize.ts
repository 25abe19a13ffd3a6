import type { Context } from "hono";
import { RecognizeRequest } from "../../schemas/recognize.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { claimDrawing, claimSvg, drawPng, drawSvg } from "../pipeline/picture/draw.ts";
import { keepOverlay } from "../pipeline/picture/keep-overlay.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import type { Post } from "../pipeline/post.ts";
import { recognize, recognizeAnswer } from "../pipeline/recognize.ts";
import type { Run } from "../pipeline/run.ts";
import { postOf } from "../request/read-post.ts";
import { requirePicture } from "../request/require-picture.ts";
import { openRequest } from "./run-route.ts";
import { streamRun } from "./stream-run.ts";

const OFFERED = ["application/json", "image/png", "image/svg+xml", "text/event-stream"] as const;

/** `POST /v1/recognize`: the answer as JSON, as a stream of events, or drawn on the picture as SVG or PNG. */
export const recognizeRoute = (deployment: Deployment) =>
  async function recognizeRoute(context: Context<RequestVariables>): Promise<Response> {
    const type = negotiate(context.req.header("accept"), OFFERED);
    context.header("Vary", "Accept");
    const opened = await openRequest(context, deployment, RecognizeRequest);
    const { fields, picture } = opened.request;
    if (type === "application/json" || type === "text/event-stream") {
      const answer = (run: Run) => answerPost(postOf(fields, picture), picture, run);
      if (type === "text/event-stream") return streamRun(context, deployment, opened, answer);
      return context.json(await opened.start(answer));
    }
    const drawn = await opened.start((run) => {
      const shown = requirePicture(picture, "for an overlay");
      return drawPost(postOf(fields, shown), shown, type, run);
    });
    context.header("Content-Type", type);
    return context.body(drawn);
  };

async function answerPost(post: Post, picture: Picture | null, run: Run): Promise<object> {
  const overlay = picture && keepOverlay(picture, run);
  await recognize(post, run);
  const answer = recognizeAnswer(post, run);
  return { ...answer, overlay_url: overlay && (await overlay.link(answer)) };
}

async function drawPost(post: Post, picture: Picture, type: "image/png" | "image/svg+xml", run: Run) {
  if (type === "image/png") claimDrawing(run);
  else claimSvg(picture, run);
  const modelPicture = await recognize(post, run);
  const draw = type === "image/png" ? drawPng : drawSvg;
  return draw(recognizeAnswer(post, run), picture, modelPicture, run);
}
