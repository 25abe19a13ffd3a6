import { ExpandRequest } from "../../schemas/stage-routes.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { expandEntities } from "../pipeline/text/text-operations.ts";
import { withIds } from "../request/ids.ts";
import { wordsOf } from "../request/read-post.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/expand`: a referring expression for each entity of a post, for the models that see the picture. */
export const expandRoute = (deployment: Deployment) =>
  jsonRoute(deployment, ExpandRequest, async (run, { fields }) => {
    const entities = withIds(fields.entities, "entities", "e");
    return expandEntities(entities, wordsOf(fields).text, fields.caption ?? null, run);
  });
