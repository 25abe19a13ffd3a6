import type { Context } from "hono";
import { type ExpandAnswer, ExpandRequest } from "../../schemas/stage-routes.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { expand } from "../pipeline/text/expand.ts";
import { withIds } from "../request/ids.ts";
import { wordsOf } from "../request/read-post.ts";
import { readRequest } from "../request/read-request.ts";
import { envelope } from "./envelope.ts";
import { given, inSession, type SessionServices } from "./session.ts";

/** `POST /v1/expand`: what to look for in the picture, in words, for each entity of a post. */
export const expandRoute = (services: SessionServices) =>
  function expandRoute(context: Context<RequestVariables>): Promise<Response> {
    negotiate(context.req.header("accept"), ["application/json"]);
    return inSession(context, services, async (session) => {
      const { fields } = await readRequest(context.req.raw, ExpandRequest, session.fetchPicture);
      const entities = withIds(fields.entities, "entities", "e");
      const caption = fields.caption ?? null;
      const subject = { text: wordsOf(fields).text, caption, background: caption, picture: null };
      const expressions = await expand(entities, subject, session.stages, session.tools(fields.store));
      if (expressions.size === 0 && session.stages.failed("expansion")) given(null, "expansion", session.stages);
      const answer: ExpandAnswer = {
        ...envelope(session),
        expressions: entities.map(({ id }) => ({ id, text: null, method: null, ...expressions.get(id) })),
      };
      return context.json(answer);
    });
  };
