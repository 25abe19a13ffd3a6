import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { checkLink } from "../request/check-link.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { picturePath } from "../storage/picture-store.ts";

/** `GET /v1/pictures/{id}`: a post's picture, for models that have its signed link, while the request runs. */
export const picturesRoute = ({
  pictures,
  links,
  clock,
  storeMs,
}: Pick<Deployment, "pictures" | "links" | "clock" | "storeMs">) =>
  async function picturesRoute(context: Context<RequestVariables, "/v1/pictures/:id">): Promise<Response> {
    const id = context.req.param("id");
    const query = new URL(context.req.url).searchParams;
    await checkLink(links, picturePath(id), query, Math.floor(clock() / 1000));
    const picture = await untilAborted(pictures.get(id), AbortSignal.timeout(storeMs));
    if (!picture) throw new ProblemError("not_found", "The picture is gone: its request has ended.");
    const headers = {
      "Content-Type": picture.type,
      "Content-Length": String(picture.size),
      "Cache-Control": "private, no-store",
    };
    return context.body(picture.body, 200, headers);
  };
