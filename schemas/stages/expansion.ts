import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { AnsweredId, Expression, listOf, Name, ranBy, Text, TypeName } from "../primitives.ts";

/**
 * Entities of a post, for which one call writes all referring expressions (entity expansion: RiVEG, arXiv 2402.09989,
 * section 3.2).
 */
export const ExpansionInput = z.strictObject({
  text: Text,
  caption: z.optional(Expression),
  entities: z
    .array(z.strictObject({ id: z.string().check(z.minLength(1)), text: Name, type: TypeName }))
    .check(z.maxLength(LIMITS.stageEntities)),
});
export type ExpansionInput = z.infer<typeof ExpansionInput>;

/** A referring expression. `method` is `llm` when a language model wrote it, `template` when a rule did. */
export const WrittenExpression = z.object({
  /** Empty where the model has none. */
  text: z.string().check(z.maxLength(LIMITS.expressionLength)),
  method: z.enum(["llm", "template"]),
});
export type WrittenExpression = z.infer<typeof WrittenExpression>;

/** One expression for each entity. */
export const ExpansionOutput = z.object({
  ...ranBy,
  expressions: listOf(z.object({ id: AnsweredId, ...WrittenExpression.shape }), LIMITS.stageEntities),
});
export type ExpansionOutput = z.infer<typeof ExpansionOutput>;
