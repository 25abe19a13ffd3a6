import type { Context } from "hono";
import * as z from "zod/mini";
import { ProblemError } from "../../schemas/problem.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { readBounded } from "../request/bounded-body.ts";
import type { AttemptNamespace } from "../webhooks/attempts.ts";
import { isAuthentic } from "../webhooks/standard-webhooks.ts";

export interface ReplicateHookServices {
  /** Null where the deployment is not called back. */
  readonly hooks: { readonly attempts: AttemptNamespace; readonly secret: string } | null;
  readonly clock: () => number;
}

/** What is kept of a callback: the input that it repeats is the post's. */
const Told = z.object({
  id: z.string(),
  status: z.enum(["succeeded", "failed", "canceled", "aborted"]),
  version: z.optional(z.nullable(z.string())),
  output: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  data_removed: z.optional(z.nullable(z.boolean())),
});

/** UTF-16 code units of an end that are kept; a Durable Object's value has at most 2 MB. */
const LONGEST_END = 500_000;

/**
 * `POST /hooks/replicate/{attempt}`: the vendor tells how a prediction ended (Standard Webhooks). A message that comes
 * twice is answered as the first was; one that is not an end is answered and ignored.
 */
export const replicateHookRoute = ({ hooks, clock }: ReplicateHookServices) =>
  async function replicateHookRoute(
    context: Context<RequestVariables, "/hooks/replicate/:attempt">,
  ): Promise<Response> {
    const attempt = context.req.param("attempt");
    if (!hooks || !/^[0-9a-f]{32}$/.test(attempt)) throw new ProblemError("not_found", "There is no such attempt.");
    const body = await readBounded(context.req.raw, async (raw) => new Uint8Array(await raw.arrayBuffer()));
    const authentic = await isAuthentic(context.req.raw.headers, body, hooks.secret, Math.floor(clock() / 1000));
    if (!authentic)
      throw new ProblemError(
        "signature_invalid",
        "The signature does not belong to this message, or its time is not now.",
      );
    const told = readEnd(new TextDecoder().decode(body));
    if (told) {
      const end = JSON.stringify(told);
      // Too long to keep: that it ended is told, and how must be asked.
      await hooks.attempts.getByName(attempt).settle(end.length > LONGEST_END ? "null" : end);
    }
    return context.body(null, 204);
  };

function readEnd(body: string): z.infer<typeof Told> | null {
  try {
    return z.safeParse(Told, JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}
