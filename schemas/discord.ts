import * as z from "zod/mini";

/** The response to an interaction of Discord. */
export const DiscordResponse = z.object({
  /** 1 is a pong, 4 a sentence, and 5 the promise of an answer. */
  type: z.union([z.literal(1), z.literal(4), z.literal(5)]),
  /** What is shown with it. */
  data: z.optional(
    z.looseObject({
      /** The sentence. */
      content: z.optional(z.string()),
      /** 64 where only who has asked sees it. */
      flags: z.optional(z.int()),
    }),
  ),
});
