import type { Context } from "hono";
import { coarseTypeOf } from "../../schemas/labels.ts";
import { type MnerAnswer, MnerRequest } from "../../schemas/stage-routes.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { viewOf } from "../pipeline/picture/upright.ts";
import { findMentions } from "../pipeline/text/find-entities.ts";
import { positionsOf } from "../pipeline/text/positions.ts";
import { wordsOf } from "../request/read-post.ts";
import { readRequest } from "../request/read-request.ts";
import { envelope } from "./envelope.ts";
import { inSession, type SessionServices } from "./session.ts";

/** `POST /v1/mner`: the mentions of a text. */
export const mnerRoute = (services: SessionServices) =>
  function mnerRoute(context: Context<RequestVariables>): Promise<Response> {
    negotiate(context.req.header("accept"), ["application/json"]);
    return inSession(context, services, async (session) => {
      const { fields, picture } = await readRequest(context.req.raw, MnerRequest, session.fetchPicture);
      const { labels, offset_encoding, thresholds } = fields;
      const words = wordsOf(fields);
      const positions = positionsOf(words.text, words.tokens, offset_encoding);
      const question = { ...words, labels, threshold: thresholds.mention };
      const looking = async () => picture && viewOf(picture, session.host, session.stages);
      const { mentions, problems } = await findMentions(question, session.stages, looking);
      const answer: MnerAnswer = {
        ...envelope(session, problems),
        offset_encoding,
        mentions: mentions.map(({ text, type, start, end, score }) => ({
          text,
          type,
          coarse_type: labels === "fine" ? coarseTypeOf(type) : null,
          ...positions.of(start, end),
          score,
        })),
      };
      return context.json(answer);
    });
  };
