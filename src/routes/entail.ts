import { EntailRequest } from "../../schemas/stage-routes.ts";
import { entailEntities } from "../pipeline/picture/picture-operations.ts";
import { soughtEntities } from "../request/ids.ts";
import { requirePicture } from "../request/require-picture.ts";
import type { PaidDeployment } from "./paid-deployment.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/entail`: whether the picture shows each entity. */
export const entailRoute = (deployment: PaidDeployment) =>
  jsonRoute(deployment, "entail", EntailRequest, async (run, { fields, picture }) => {
    const options = {
      caption: fields.caption ?? null,
      text: fields.text ?? null,
      threshold: fields.thresholds.visible,
    };
    return entailEntities(soughtEntities(fields.entities), options, requirePicture(picture), run);
  });
