import * as z from "zod/mini";
import { Labels } from "../labels.ts";
import { LIMITS } from "../limits.ts";
import { Expression, listOf, ranBy, Score, Size, Span, StageProblem, Text, Tokens, TypeName } from "../primitives.ts";
import { WrittenExpression } from "./expansion.ts";
import { PictureSource } from "./picture.ts";

/**
 * A text in which to find mentions. `tokens` is a text that is already split, as in CoNLL files: the text is then the
 * tokens joined by one space, and no mention begins or ends inside a token. One of `text` and `tokens` is required.
 */
export const MnerInput = z
  .strictObject({
    text: z.optional(Text),
    tokens: z.optional(Tokens),
    image: z.optional(PictureSource),
    size: z.optional(Size),
    /** PGIM's auxiliary refined knowledge (arXiv 2305.12212): a paragraph that the model reads beside the text. */
    knowledge: z.optional(Expression),
    labels: z._default(Labels, "gmner"),
  })
  .check(
    z.refine((input) => (input.text === undefined) !== (input.tokens === undefined), {
      path: ["text"],
      error: "one of text and tokens is required",
    }),
    z.refine((input) => (input.tokens?.join(" ").length ?? 0) <= LIMITS.textLength, {
      path: ["tokens"],
      error: `must be at most ${LIMITS.textLength} UTF-16 code units long when joined`,
    }),
  );
export type MnerInput = z.infer<typeof MnerInput>;

/**
 * A name in the text. `start` and `end` count UTF-16 code units and are half-open; `text` is that slice. `score` is the
 * probability of the type.
 */
export const Mention = z.object({
  text: z.string().check(z.maxLength(LIMITS.textLength)),
  start: z.int().check(z.gte(0)),
  end: z.int().check(z.gte(0)),
  type: TypeName,
  score: z.nullable(Score),
  /**
   * A noun phrase by which a detector can find what the name stands for, from a model that does expansion together with
   * mner. Absent where the model gives none; expansion is then asked.
   */
  expression: z.optional(WrittenExpression),
});
export type Mention = z.infer<typeof Mention>;

/**
 * A place where the model found no name and was not sure of it. `score` is the probability that no name is there.
 */
export const Doubt = z.object({ ...Span.shape, score: Score });
export type Doubt = z.infer<typeof Doubt>;

export const MnerOutput = z.object({
  ...ranBy,
  mentions: listOf(Mention, LIMITS.mentions).check(
    z.refine((mentions) => mentions.reduce((sum, { text }) => sum + text.length, 0) <= LIMITS.mentionsLength),
  ),
  /** The least sure places without a name, in text order; absent where the model does not tell. */
  doubts: z.optional(listOf(Doubt, LIMITS.mentionDoubts)),
  problems: z._default(listOf(StageProblem, LIMITS.stageProblems), []),
});
export type MnerOutput = z.infer<typeof MnerOutput>;
