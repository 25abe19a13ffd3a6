import type { Context } from "hono";
import { type GroundAnswer, GroundRequest } from "../../schemas/stage-routes.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { locate } from "../pipeline/picture/locate.ts";
import { withIds } from "../request/ids.ts";
import { factsOf, seen, soughtOf } from "../request/picture-request.ts";
import { readRequest } from "../request/read-request.ts";
import { envelope } from "./envelope.ts";
import { given, inSession, type SessionServices } from "./session.ts";

/** `POST /v1/ground`: where each entity, or what an expression says, is in the picture. */
export const groundRoute = (services: SessionServices) =>
  function groundRoute(context: Context<RequestVariables>): Promise<Response> {
    negotiate(context.req.header("accept"), ["application/json"]);
    return inSession(context, services, async (session) => {
      const { fields, picture: sent } = await readRequest(context.req.raw, GroundRequest, session.fetchPicture);
      const { picture, view } = await seen(sent, session);
      const entities = withIds(fields.entities, "entities", "e");
      const output = given(
        await session.stages.run("grounding", { entities: entities.map(soughtOf) }, view),
        "grounding",
        session.stages,
      );
      const regions = new Map(output.groundings.map(({ id, regions }) => [id, regions]));
      const boxes = locate(entities, regions, view, picture.size, fields.thresholds.region);
      const regionsOf = (entityId: string) => boxes.filter((box) => box.entityId === entityId);
      const answer: GroundAnswer = {
        ...envelope(session),
        image: factsOf(picture),
        groundings: entities.map(({ id }) => ({
          id,
          regions: regionsOf(id).map(({ box, score, method }) => ({ box, score, method })),
        })),
      };
      return context.json(answer);
    });
  };
