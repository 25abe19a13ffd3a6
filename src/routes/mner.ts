import { MnerRequest } from "../../schemas/stage-routes.ts";
import { findMentions } from "../pipeline/text/text-operations.ts";
import { wordsOf } from "../request/read-post.ts";
import { inTokens } from "../request/read-spans.ts";
import type { PaidDeployment } from "./paid-deployment.ts";
import { jsonRoute } from "./run-route.ts";

/** `POST /v1/mner`: the mentions of a text. */
export const mnerRoute = (deployment: PaidDeployment) =>
  jsonRoute(deployment, "mner", MnerRequest, async (run, { fields, picture }) => {
    const { labels, thresholds, offset_encoding: encoding } = fields;
    const question = { ...wordsOf(fields), labels, mentionThreshold: thresholds.mention };
    if (encoding !== "token") return findMentions({ ...question, offsetEncoding: encoding }, picture, run);
    const answer = await findMentions({ ...question, offsetEncoding: "utf-16" }, picture, run);
    return { ...answer, offset_encoding: encoding, mentions: answer.mentions.map(inTokens) };
  });
