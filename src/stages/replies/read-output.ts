import * as z from "zod/mini";
import { toPointer } from "../../../schemas/pointer.ts";
import { STAGES, type StageName } from "../../../schemas/stages/index.ts";
import { StageError, type StageOutput } from "../model.ts";

/**
 * A model's output, once it agrees with its stage's contract. Throws a `StageError` that names the field.
 *
 * @param example an output that agrees, shown in the error to whoever wrote the container
 */
export function readOutput<Name extends StageName>(
  stage: Name,
  output: unknown,
  example?: z.input<(typeof STAGES)[Name]["output"]>,
): StageOutput<Name> {
  const parsed = z.safeParse(STAGES[stage].output, output);
  if (parsed.success) return parsed.data as StageOutput<Name>;
  const exampleText = example === undefined ? "" : `; a valid one is ${JSON.stringify(example)}`;
  throw new StageError(
    "invalid_output",
    `answered with an invalid ${stage} result${fieldOf(parsed.error)}${exampleText}`,
  );
}

/**
 * Where an output first breaks its schema, as ` (field /groundings/0/regions/0/box)`; empty for the output as a whole.
 */
export function fieldOf({ issues: [issue] }: z.core.$ZodError): string {
  const pointer = toPointer(issue?.path ?? []);
  return pointer === "" ? "" : ` (field ${pointer})`;
}
