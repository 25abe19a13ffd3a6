import * as z from "zod/mini";

/** What Slack is answered to a delivery. */
export const SlackResponse = z.object({
  /** What it has sent to verify the address. */
  challenge: z.optional(z.string()),
});
