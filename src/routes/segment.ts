import type { Context } from "hono";
import { clampBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { type SegmentAnswer, SegmentRequest } from "../../schemas/stage-routes.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { fromCaller } from "../pipeline/picture/frame.ts";
import { segment, withoutMask } from "../pipeline/picture/segment.ts";
import { withIds } from "../request/ids.ts";
import { factsOf, seen } from "../request/picture-request.ts";
import { refuse } from "../request/read-post.ts";
import { readRequest } from "../request/read-request.ts";
import { envelope } from "./envelope.ts";
import { given, inSession, type SessionServices } from "./session.ts";

/** `POST /v1/segment`: a mask for each box, from whatever model the boxes are. */
export const segmentRoute = (services: SessionServices) =>
  function segmentRoute(context: Context<RequestVariables>): Promise<Response> {
    negotiate(context.req.header("accept"), ["application/json"]);
    return inSession(context, services, async (session) => {
      const { fields, picture: sent } = await readRequest(context.req.raw, SegmentRequest, session.fetchPicture);
      if (sent) refuse(fields.boxes.flatMap(({ box }, index) => boxErrors(box, index, sent.size)));
      const { picture, view } = await seen(sent, session);
      const boxes = withIds(fields.boxes, "boxes", "r").map(({ id, box: asked, type }) => {
        const box = clampBox(asked, picture.size) ?? asked;
        return { id, box, modelBox: fromCaller(box, view, picture.size), type };
      });
      const delivery = { form: fields.masks, keep: session.tools(fields.store).keepMask };
      const { masks, problems } = await segment(boxes, view, picture.size, session.stages, delivery);
      const missed = [...masks.values()].every(({ mask_reason }) => mask_reason === "stage_failed");
      if (missed) given(null, "segmentation", session.stages);
      const answer: SegmentAnswer = {
        ...envelope(session, problems),
        image: factsOf(picture),
        masks: boxes.map(({ id, box }) => ({ id, box, ...(masks.get(id) ?? withoutMask("no_mask")) })),
      };
      return context.json(answer);
    });
  };

/** What is wrong with a caller's box: turned round, empty, or nothing of it in the picture. */
function boxErrors(box: Box, index: number, size: Size): FieldError[] {
  const pointer = `/boxes/${index}/box`;
  if (box.xmax <= box.xmin)
    return [{ pointer: `${pointer}/xmax`, detail: "must be greater than xmin", limit: box.xmin, value: box.xmax }];
  if (box.ymax <= box.ymin)
    return [{ pointer: `${pointer}/ymax`, detail: "must be greater than ymin", limit: box.ymin, value: box.ymax }];
  if (clampBox(box, size)) return [];
  const detail = `lies outside the picture of ${size.width} × ${size.height} pixels`;
  return [{ pointer, detail, limit: [size.width, size.height], value: box }];
}
