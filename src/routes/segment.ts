import { SegmentRequest } from "../../schemas/stage-routes.ts";
import { segmentBoxes } from "../pipeline/picture/picture-operations.ts";
import { boxesInPicture } from "../request/boxes.ts";
import { requirePicture } from "../request/require-picture.ts";
import type { PaidDeployment } from "./paid-deployment.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/segment`: a mask for each box, whatever model found it. */
export const segmentRoute = (deployment: PaidDeployment) =>
  jsonRoute(deployment, "segment", SegmentRequest, async (run, { fields, picture: requestPicture }) => {
    const picture = requirePicture(requestPicture);
    return segmentBoxes(boxesInPicture(fields.boxes, picture.size), fields.masks, picture, run);
  });
