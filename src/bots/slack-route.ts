import type { Context } from "hono";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { readSigned } from "../webhooks/read-signed.ts";
import { type BotHookDependencies, readUpdate, storeMessage } from "./hook.ts";
import { slackSignature } from "./slack-signature.ts";

/** What the deliveries of Slack need of their deployment. */
export interface SlackDependencies extends BotHookDependencies, Pick<Deployment, "clock"> {
  /** What Slack signs with; null where there is no bot. */
  readonly slackSigningSecret: string | null;
}

const FORM = "application/x-www-form-urlencoded";

/**
 * `POST /hooks/slack`: an event, or the use of the bot's shortcut. It is answered as soon as the chat has stored the
 * message: no model and no platform is asked before. What needs no answer is accepted too, because Slack would send it
 * again. The code of bots is loaded with the first delivery.
 */
export const slackRoute = (dependencies: SlackDependencies) =>
  async function slackRoute(context: Context): Promise<Response> {
    const { slackSigningSecret, clock } = dependencies;
    if (slackSigningSecret === null) throw new ProblemError("not_found", "There is no bot of Slack.");
    const signedBy = slackSignature(slackSigningSecret);
    const problem = "interaction_signature_invalid";
    const isForm = (context.req.header("content-type") ?? "").toLowerCase().startsWith(FORM);
    const delivery = await readUpdate(
      dependencies,
      (readBounded) => readSigned(context.req.raw, { signedBy, clock, readBounded, problem }),
      isForm ? (text) => new URLSearchParams(text).get("payload") ?? "" : undefined,
    );
    const { challengeOf, messageOf } = await import("./slack-event.ts");
    const challenge = challengeOf(delivery);
    if (challenge !== null) return context.json({ challenge });
    const message = messageOf(delivery);
    if (message && !(await storeMessage(message, LIMITS.accountMs, dependencies))) {
      const detail = `The chat did not answer within ${LIMITS.accountMs} ms.`;
      throw new ProblemError("job_unavailable", detail, {}, { "Retry-After": "1" });
    }
    return context.json({});
  };
