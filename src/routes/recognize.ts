import type { Context } from "hono";
import { RecognizeRequest } from "../../schemas/recognize.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { claimDrawing, claimSvg, drawPng, drawSvg } from "../pipeline/picture/draw.ts";
import { keepOverlay } from "../pipeline/picture/keep-overlay.ts";
import { recognize, recognizeAnswer } from "../pipeline/recognize.ts";
import { postOf } from "../request/read-post.ts";
import { requirePicture } from "../request/require-picture.ts";
import { runRequest } from "./run-route.ts";

/** `POST /v1/recognize`: the answer as JSON, or drawn on the picture as SVG or PNG. */
export const recognizeRoute = (deployment: Deployment) =>
  async function recognizeRoute(context: Context<RequestVariables>): Promise<Response> {
    const type = negotiate(context.req.header("accept"), ["application/json", "image/png", "image/svg+xml"]);
    context.header("Vary", "Accept");
    return runRequest(context, deployment, RecognizeRequest, async (run, { fields, picture: requestPicture }) => {
      if (type === "application/json") {
        const post = postOf(fields, requestPicture);
        const overlay = requestPicture && keepOverlay(requestPicture, run);
        await recognize(post, run);
        const answer = recognizeAnswer(post, run);
        return context.json({ ...answer, overlay_url: overlay && (await overlay.link(answer)) });
      }
      const picture = requirePicture(requestPicture, "for an overlay");
      const post = postOf(fields, picture);
      if (type === "image/png") claimDrawing(run);
      else claimSvg(picture, run);
      const modelPicture = await recognize(post, run);
      const draw = type === "image/png" ? drawPng : drawSvg;
      context.header("Content-Type", type);
      return context.body(await draw(recognizeAnswer(post, run), picture, modelPicture, run));
    });
  };
