import * as z from "zod/mini";

/** The validator itself has no words for what is wrong. */
const WORDS = { error: z.locales.en().localeError };

/**
 * A value that is of a schema. Throws, saying in words where and why, when it is not.
 *
 * @param whole what to call the place when it is no field
 * @param before what stands before the message
 */
export function checked<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  whole: string,
  before = "",
): z.output<Schema> {
  const { data, error } = schema.safeParse(value, WORDS);
  if (!error) return data as z.output<Schema>;
  const [issue] = error.issues;
  throw new Error(`${before}${issue?.path.join(".") || whole}: ${issue?.message}`);
}
