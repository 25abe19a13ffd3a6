import { toUtf8 } from "../../schemas/encodings.ts";
import type { RecognizeRequest } from "../../schemas/recognize.ts";
import { deliveredUnits } from "../../schemas/units.ts";
import { negotiate } from "../middleware/accept.ts";
import { claimDrawing, claimSvg, drawPng, drawSvg } from "../pipeline/picture/draw.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import type { Post } from "../pipeline/post.ts";
import { recognize, recognizeAnswer } from "../pipeline/recognize.ts";
import type { Run } from "../pipeline/run.ts";
import { OPERATIONS } from "../request/operations.ts";
import { postOf } from "../request/read-post.ts";
import { requirePicture } from "../request/require-picture.ts";
import type { PaidDeployment } from "./paid-deployment.ts";
import { paidRoute } from "./paid-route.ts";
import { answerWith, type Delivered, jsonOf, openRequest } from "./run-route.ts";
import { streamRun } from "./stream-run.ts";

const OFFERED = ["application/json", "image/png", "image/svg+xml", "text/event-stream"] as const;

/** `POST /v1/recognize`: the answer as JSON, as a stream of events, or drawn on the picture as SVG or PNG. */
export const recognizeRoute = (deployment: PaidDeployment) =>
  paidRoute(async function recognizeRoute(context) {
    const type = negotiate(context.req.header("accept"), OFFERED);
    context.header("Vary", "Accept");
    const opened = await openRequest(context, deployment, { operation: "recognize", type });
    if (opened instanceof Response) return opened;
    const { request } = opened;
    const { answer } = OPERATIONS.recognize;
    if (type === "text/event-stream") return streamRun(context, deployment, opened, (run) => answer(run, request));
    return answerWith(context, opened, async (run) => {
      if (type === "application/json") {
        const answered = await answer(run, request);
        return { units: deliveredUnits("recognize", answered), render: jsonOf(answered) };
      }
      const picture = requirePicture(request.picture, "for an overlay");
      return drawPost(postOf(request.fields as RecognizeRequest, picture), picture, type, run);
    });
  });

async function drawPost(
  post: Post,
  picture: Picture,
  type: "image/png" | "image/svg+xml",
  run: Run,
): Promise<Delivered> {
  if (type === "image/png") claimDrawing(run);
  else claimSvg(picture.bytes.length, run);
  const modelPicture = await recognize(post, run);
  const answer = recognizeAnswer(post, run);
  const drawn = await (type === "image/png" ? drawPng : drawSvg)(answer, picture, modelPicture, run);
  const body = typeof drawn === "string" ? toUtf8(drawn) : drawn;
  return { units: deliveredUnits("recognize", answer), render: () => ({ contentType: type, body }) };
}
