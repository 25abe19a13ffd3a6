import type * as z from "zod/mini";
import { STAGES, type StageName } from "../../../schemas/stages/index.ts";
import { StageError, type StageOutput } from "../model.ts";
import { fieldOf, parseReply } from "./read-shape.ts";

interface Expected<Name extends StageName> {
  /** The number of entities or boxes of the question: an answer has at most one result for each. */
  readonly asked?: number | undefined;
  /** An output that agrees, shown in the error to whoever wrote the container. */
  readonly example?: z.input<(typeof STAGES)[Name]["output"]>;
}

/** A model's output, once it agrees with its stage's contract. Throws a `StageError` that names the field. */
export function readOutput<Name extends StageName>(
  stage: Name,
  output: unknown,
  { asked = Number.POSITIVE_INFINITY, example }: Expected<Name> = {},
): StageOutput<Name> {
  const list = STAGES[stage].lists?.join;
  const results = list === undefined ? null : (output as Record<string, unknown> | null | undefined)?.[list];
  if (Array.isArray(results) && results.length > asked)
    throw new StageError("invalid_output", `answered with more ${list} than were asked for`);
  const parsed = parseReply<unknown>(STAGES[stage].output, output);
  if (parsed.success) return parsed.data as StageOutput<Name>;
  const exampleText = example === undefined ? "" : `; a valid one is ${JSON.stringify(example)}`;
  throw new StageError(
    "invalid_output",
    `answered with an invalid ${stage} result${fieldOf(parsed.error)}${exampleText}`,
  );
}

/** The number of entities or boxes of a question; undefined for a stage that has no list. */
export function countOf(stage: StageName, question: object): number | undefined {
  const { lists } = STAGES[stage];
  return lists ? (question as Record<string, readonly unknown[] | undefined>)[lists.split]?.length : undefined;
}
