import * as z from "zod/mini";
import { StageError } from "../model.ts";
import { fieldOf } from "./read-output.ts";

/** A model's output in the form that its published schema has. Throws a `StageError` that names the field. */
export function readShape<T>(shape: z.ZodMiniType<T>, output: unknown): T {
  const parsed = z.safeParse(shape, output);
  if (parsed.success) return parsed.data;
  throw new StageError("invalid_output", `answered in another form than its schema${fieldOf(parsed.error)}`);
}
