import type { Context } from "hono";
import { type EntailAnswer, EntailRequest } from "../../schemas/stage-routes.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { judge, unknown } from "../pipeline/picture/judge.ts";
import { withIds } from "../request/ids.ts";
import { factsOf, seen, soughtOf } from "../request/picture-request.ts";
import { readRequest } from "../request/read-request.ts";
import { envelope } from "./envelope.ts";
import { given, inSession, type SessionServices } from "./session.ts";

/** `POST /v1/entail`: whether each entity can be seen in the picture. */
export const entailRoute = (services: SessionServices) =>
  function entailRoute(context: Context<RequestVariables>): Promise<Response> {
    negotiate(context.req.header("accept"), ["application/json"]);
    return inSession(context, services, async (session) => {
      const { fields, picture: sent } = await readRequest(context.req.raw, EntailRequest, session.fetchPicture);
      const { picture, view } = await seen(sent, session);
      const entities = withIds(fields.entities, "entities", "e");
      const background = fields.caption === undefined ? {} : { caption: fields.caption };
      const question = { ...background, entities: entities.map(soughtOf) };
      const output = given(await session.stages.run("entailment", question, view), "entailment", session.stages);
      const judgements = new Map(output.judgements.map((judgement) => [judgement.id, judgement]));
      const missed = session.stages.failed("entailment");
      const answer: EntailAnswer = {
        ...envelope(session),
        image: factsOf(picture),
        judgements: entities.map(({ id }) => {
          const judgement = judgements.get(id);
          return {
            id,
            ...(judgement || !missed ? judge(judgement, fields.thresholds.visible) : unknown("stage_failed")),
          };
        }),
      };
      return context.json(answer);
    });
  };
