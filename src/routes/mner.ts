import { MnerRequest } from "../../schemas/stage-routes.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { findMentions } from "../pipeline/text/text-operations.ts";
import { wordsOf } from "../request/read-post.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/mner`: the mentions of a text. */
export const mnerRoute = (deployment: Deployment) =>
  jsonRoute(deployment, MnerRequest, (run, { fields, picture }) => {
    const { labels, thresholds, offset_encoding: offsetEncoding } = fields;
    return findMentions(
      { ...wordsOf(fields), labels, mentionThreshold: thresholds.mention, offsetEncoding },
      picture,
      run,
    );
  });
