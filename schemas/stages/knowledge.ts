import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { Expression, ranBy, Text } from "../primitives.ts";

/** A post with the analysis that somebody wrote of it: what its names are, and why. */
export const KnowledgeExample = z.strictObject({
  text: Text.check(z.minLength(1)),
  /** A description of the post's picture. */
  caption: z.optional(Expression),
  answer: Expression,
});
export type KnowledgeExample = z.infer<typeof KnowledgeExample>;

/**
 * A post about which a language model writes what it knows, so that a tagger can read it beside the text (PGIM's
 * auxiliary refined knowledge, arXiv 2305.12212, section 3.2). The examples are the most similar first.
 */
export const KnowledgeInput = z.strictObject({
  text: Text,
  caption: z.optional(Expression),
  examples: z.array(KnowledgeExample).check(z.maxLength(LIMITS.knowledgeExamples)),
});
export type KnowledgeInput = z.infer<typeof KnowledgeInput>;

/** One paragraph about the post. */
export const KnowledgeOutput = z.object({ ...ranBy, knowledge: Expression });
export type KnowledgeOutput = z.infer<typeof KnowledgeOutput>;
