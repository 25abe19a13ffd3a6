import { GroundRequest } from "../../schemas/stage-routes.ts";
import { groundPhrases } from "../pipeline/picture/picture-operations.ts";
import { soughtEntities } from "../request/ids.ts";
import { requirePicture } from "../request/require-picture.ts";
import type { PaidDeployment } from "./paid-deployment.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/ground`: the boxes of each entity, or of what its expression describes, in the picture. */
export const groundRoute = (deployment: PaidDeployment) =>
  jsonRoute(deployment, "ground", GroundRequest, async (run, { fields, picture }) => {
    const { entities, text = null, thresholds } = fields;
    return groundPhrases(soughtEntities(entities), text, thresholds.region, requirePicture(picture), run);
  });
