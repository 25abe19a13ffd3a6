import { GroundRequest } from "../../schemas/stage-routes.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { groundPhrases } from "../pipeline/picture/picture-operations.ts";
import { soughtEntities } from "../request/ids.ts";
import { requirePicture } from "../request/require-picture.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/ground`: the boxes of each entity, or of what its expression describes, in the picture. */
export const groundRoute = (deployment: Deployment) =>
  jsonRoute(deployment, GroundRequest, async (run, { fields, picture }) => {
    const { entities, text = null, thresholds } = fields;
    return groundPhrases(soughtEntities(entities), text, thresholds.region, requirePicture(picture), run);
  });
