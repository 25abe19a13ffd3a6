import type { Context } from "hono";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { readBounded } from "../request/bounded-body.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Callbacks } from "../webhooks/attempts.ts";
import { readSigned, type SignedBy } from "../webhooks/read-signed.ts";

/** Maximum length of a stored end, in UTF-16 code units. A value in a Durable Object has at most 2 MB. */
const LONGEST_END = 500_000;

/** What a hook needs of its deployment. */
export type HookDeployment = Pick<Deployment, "clock" | "memory">;

/**
 * A route at which a vendor reports that a job has ended. A repeated message gets the same response as the first. A
 * message that does not report an end is accepted and ignored.
 *
 * @param callbacks null when this deployment does not use the vendor's callbacks
 * @param readEnd the fields of a callback that are stored, without the post; null where it reports no end
 */
export function hookRoute<Path extends string>(
  callbacks: Callbacks | null,
  readEnd: (callback: unknown) => object | null,
  { clock, memory }: HookDeployment,
) {
  return async (context: Context<RequestVariables, Path>): Promise<Response> => {
    const attempt = context.req.param("attempt" as never) as string | undefined;
    if (!callbacks || !/^[0-9a-f]{32}$/.test(attempt ?? ""))
      throw new ProblemError("not_found", "There is no such attempt.");
    const late = AbortSignal.timeout(LIMITS.callbackMs);
    const body = await readHook(context.req.raw, callbacks.signedBy, late, { clock, memory });
    const ended = parse(new TextDecoder().decode(body), readEnd);
    if (ended) {
      const end = JSON.stringify(ended);
      // An end that is too long to store is replaced by null: the waiting request then polls for it.
      const settling = callbacks.attempts.getByName(attempt ?? "").settle(end.length > LONGEST_END ? "null" : end);
      await untilAborted(settling, late);
    }
    return context.body(null, 204);
  };
}

/**
 * The body of a signed callback. Its memory is claimed while it is read.
 *
 * @param late aborts when the time for the callback is over
 */
export async function readHook<Claim>(
  request: Request,
  signedBy: SignedBy<Claim>,
  late: AbortSignal,
  { clock, memory }: HookDeployment,
): Promise<Uint8Array<ArrayBuffer>> {
  const claim = memory.open(LIMITS.callbackMs);
  const read = (body: Request, maximumBytes: number) => readBounded(body, late, maximumBytes, claim.grow);
  return readSigned(request, { signedBy, clock, readBounded: read }).finally(claim.end);
}

function parse(body: string, readEnd: (callback: unknown) => object | null): object | null {
  try {
    return readEnd(JSON.parse(body));
  } catch {
    return null;
  }
}
