import { EntailRequest } from "../../schemas/stage-routes.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { entailEntities } from "../pipeline/picture/picture-operations.ts";
import { soughtEntities } from "../request/ids.ts";
import { requirePicture } from "../request/require-picture.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/entail`: whether the picture shows each entity. */
export const entailRoute = (deployment: Deployment) =>
  jsonRoute(deployment, EntailRequest, async (run, { fields, picture }) => {
    const options = {
      caption: fields.caption ?? null,
      text: fields.text ?? null,
      threshold: fields.thresholds.visible,
    };
    return entailEntities(soughtEntities(fields.entities), options, requirePicture(picture), run);
  });
