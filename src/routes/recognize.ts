import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import { RecognizeRequest } from "../../schemas/recognize.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { drawPng, drawSvg } from "../pipeline/picture/draw.ts";
import { recognize } from "../pipeline/recognize.ts";
import { postOf } from "../request/read-post.ts";
import { readRequest } from "../request/read-request.ts";
import { inSession, type SessionServices } from "./session.ts";

/** `POST /v1/recognize`: JSON, or the overlay as SVG or PNG. */
export const recognizeRoute = (services: SessionServices) =>
  function recognizeRoute(context: Context<RequestVariables>): Promise<Response> {
    const type = negotiate(context.req.header("accept"), ["application/json", "image/svg+xml", "image/png"]);
    context.header("Vary", "Accept");
    return inSession(context, services, async (session) => {
      const { fields, picture } = await readRequest(context.req.raw, RecognizeRequest, session.fetchPicture);
      const drawn = type !== "application/json";
      if (drawn && !picture) {
        const errors = [{ pointer: "/image", detail: "is required for an overlay" }];
        throw new ProblemError("invalid_request", `/image is required for ${type}.`, { errors });
      }
      // An overlay is drawn from runs, whatever form masks are asked for in.
      const post = postOf(drawn ? { ...fields, masks: "rle" } : fields, picture, session.id);
      const { answer, view } = await recognize(post, session.stages, session.tools(fields.store));
      if (!drawn || !picture) return context.json(answer);
      context.header("Content-Type", type);
      if (type === "image/svg+xml") return context.body(await drawSvg(answer, picture, view, session));
      return context.body((await drawPng(answer, picture, view, session)) as Uint8Array<ArrayBuffer>);
    });
  };
