import type { Context } from "hono";
import * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { readBounded } from "../request/bounded-body.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { ReplicateCallbacks } from "../webhooks/attempts.ts";
import { readSigned } from "../webhooks/read-signed.ts";

/** The fields of a callback that are stored. Its `input` is left out, because it contains the post. */
const EndedPrediction = z.object({
  id: z.string(),
  status: z.enum(["succeeded", "failed", "canceled", "aborted"]),
  version: z.optional(z.nullable(z.string())),
  output: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  data_removed: z.optional(z.nullable(z.boolean())),
});
type EndedPrediction = z.infer<typeof EndedPrediction>;

/** Maximum length of a stored prediction, in UTF-16 code units. A value in a Durable Object has at most 2 MB. */
const LONGEST_END = 500_000;

/**
 * `POST /hooks/replicate/{attempt}`: Replicate reports that a prediction has ended (Standard Webhooks). A repeated
 * message gets the same response as the first. A message that does not report an end is accepted and ignored.
 *
 * @param callbacks null when this deployment does not use callbacks
 */
export const replicateHookRoute = ({
  callbacks,
  clock,
  memory,
}: { callbacks: ReplicateCallbacks | null } & Pick<Deployment, "clock" | "memory">) =>
  async function replicateHookRoute(
    context: Context<RequestVariables, "/hooks/replicate/:attempt">,
  ): Promise<Response> {
    const attempt = context.req.param("attempt");
    if (!callbacks || !/^[0-9a-f]{32}$/.test(attempt)) throw new ProblemError("not_found", "There is no such attempt.");
    const late = AbortSignal.timeout(LIMITS.callbackMs);
    const claim = memory.open(LIMITS.callbackMs);
    const read = (request: Request, maximumBytes: number) => readBounded(request, late, maximumBytes, claim.grow);
    const body = await readSigned(context.req.raw, { ...callbacks, clock, readBounded: read }).finally(claim.end);
    const ended = readEnded(new TextDecoder().decode(body));
    if (ended) {
      const end = JSON.stringify(ended);
      // A prediction that is too long to store is replaced by null: the waiting request then polls for it.
      const settling = callbacks.attempts.getByName(attempt).settle(end.length > LONGEST_END ? "null" : end);
      await untilAborted(settling, late);
    }
    return context.body(null, 204);
  };

function readEnded(body: string): EndedPrediction | null {
  try {
    return z.safeParse(EndedPrediction, JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}
