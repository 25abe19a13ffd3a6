import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { listOf, ranBy, Text } from "../primitives.ts";

/** Texts to place in a model's vector space, in which similar texts are near each other. */
export const EmbeddingInput = z.strictObject({
  texts: z.array(Text).check(z.minLength(1), z.maxLength(LIMITS.embeddingTexts)),
});
export type EmbeddingInput = z.infer<typeof EmbeddingInput>;

/** One vector for each text, in their order, all of one length. */
export const EmbeddingOutput = z.object({
  ...ranBy,
  vectors: listOf(
    z.array(z.number()).check(z.minLength(1), z.maxLength(LIMITS.embeddingLength)),
    LIMITS.embeddingTexts,
  ),
});
export type EmbeddingOutput = z.infer<typeof EmbeddingOutput>;
