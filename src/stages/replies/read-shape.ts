import * as z from "zod/mini";
import { StageError } from "../model.ts";

/** A model's output in the shape that its published schema has. Throws a `StageError` that says where it differs. */
export function readShape<T>(shape: z.ZodMiniType<T>, output: unknown): T {
  const parsed = z.safeParse(shape, output);
  if (parsed.success) return parsed.data;
  throw new StageError(
    "invalid_output",
    `answered in another form than its schema's (at /${parsed.error.issues[0]?.path.join("/") ?? ""})`,
  );
}
