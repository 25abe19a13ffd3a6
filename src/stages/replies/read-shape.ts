import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { toPointer } from "../../../schemas/pointer.ts";
import { StageError } from "../model.ts";

/** A text in a model's reply. Patterns take too long on a longer one, or overflow the stack. */
export const ReplyText = z.string().check(z.maxLength(LIMITS.replyText, { abort: true }));

/** Zod ends at the first fault. Without this, a reply with a million wrong items makes a million errors. */
const FIRST_FAULT = { abortEarly: true } as z.core.ParseContext<z.core.$ZodIssue>;

/** Parses what a model returned, up to its first fault. */
export function parseReply<T>(shape: z.ZodMiniType<T>, value: unknown) {
  return z.safeParse(shape, value, FIRST_FAULT);
}

/** A model's output in the form that its published schema has. Throws a `StageError` that names the field. */
export function readShape<T>(shape: z.ZodMiniType<T>, output: unknown): T {
  const parsed = parseReply(shape, output);
  if (parsed.success) return parsed.data;
  throw new StageError("invalid_output", `answered in another form than its schema${fieldOf(parsed.error)}`);
}

/**
 * Where an output first breaks its schema, as ` (field /groundings/0/regions/0/box)`; empty for the output as a whole.
 */
export function fieldOf({ issues: [issue] }: z.core.$ZodError): string {
  const pointer = toPointer(issue?.path ?? []);
  return pointer === "" ? "" : ` (field ${pointer})`;
}
