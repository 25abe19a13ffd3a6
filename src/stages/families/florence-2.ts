import * as z from "zod/mini";
import { StageError } from "../model.ts";
import { readPythonLiteral } from "../replies/python-literal.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";

/** Florence-2 as Replicate has it (docs/reference/hosted-models.md, "Models"). */
export const FLORENCE_2 = {
  name: "lucataco/florence-2-large",
  version: "da53547e17d45b9cfb48174b2f18af8b83ca020fa76db62136bf9c6616762595",
  promptVersion: "1",
  batch: 1,
  output: { type: "object", reads: ["text"] },
} as const;

const Output = z.object({ text: ReplyText });

/** The answer to a task, `<TASK>`. Its text is a Python dictionary as `repr` writes it. Throws a `StageError`. */
export function answerTo<T>(task: string, shape: z.ZodMiniType<T>, output: unknown): T {
  const { text } = readShape(Output, output);
  const literal = readPythonLiteral(text);
  if (literal === undefined)
    throw new StageError("invalid_output", "answered with a text that is not a Python literal");
  return readShape(z.object({ [task]: shape }), literal)[task] as T;
}
