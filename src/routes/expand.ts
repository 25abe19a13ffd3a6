import { ExpandRequest } from "../../schemas/stage-routes.ts";
import { expandEntities } from "../pipeline/text/text-operations.ts";
import { withIds } from "../request/ids.ts";
import { wordsOf } from "../request/read-post.ts";
import type { PaidDeployment } from "./paid-deployment.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/expand`: a referring expression for each entity of a post, for the models that see the picture. */
export const expandRoute = (deployment: PaidDeployment) =>
  jsonRoute(deployment, "expand", ExpandRequest, async (run, { fields }) => {
    const entities = withIds(fields.entities, "entities", "e");
    return expandEntities(entities, wordsOf(fields).text, fields.caption ?? null, run);
  });
