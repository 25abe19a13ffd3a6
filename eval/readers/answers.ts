import * as z from "zod/mini";
import { Box, RleMask } from "../../schemas/primitives.ts";
import { readJsonLines } from "./json-lines.ts";

/** On what a region's link to a name rests; absent from answers that do not say so. */
const Link = z.object({ basis: z.string() });

/** What is scored of an entity in an answer of `/v1/recognize`; other fields are left out. */
export const AnsweredEntity = z.object({
  type: z.string(),
  mentions: z.array(z.object({ start: z.int(), end: z.int() })),
  visible: z.nullable(z.boolean()),
  visibility: z.object({ score: z.nullable(z.number()) }),
  regions: z.array(
    z.object({
      box: Box,
      score: z.nullable(z.number()),
      mask: z.nullable(RleMask),
      mask_score: z.nullable(z.number()),
      link: z.optional(z.nullable(Link)),
    }),
  ),
});
export type AnsweredEntity = z.infer<typeof AnsweredEntity>;

/** The scored part of an answer. */
export const ScoredAnswer = z.object({ entities: z.array(AnsweredEntity) });

/** One line of a file of recorded answers: what the stack answered to a post of a set. */
const RecordedAnswer = z.object({ set: z.string(), id: z.string(), entities: z.array(AnsweredEntity) });
export type RecordedAnswer = z.infer<typeof RecordedAnswer>;

/** Write recorded answers as JSON lines. */
export function writeRecord(answers: readonly RecordedAnswer[]): string {
  return answers.map((answer) => `${JSON.stringify(answer)}\n`).join("");
}

/** Read JSON lines of recorded answers. Throws, naming the line, where one is none. */
export function readRecord(jsonLines: string): RecordedAnswer[] {
  return readJsonLines(jsonLines, "no recorded answer", (value) => RecordedAnswer.parse(value));
}
