import type { Mention } from "../../schemas/stages/mner.ts";

/** A mention of a name where the text has it. */
export const mention = (
  text: string,
  start: number,
  type: Mention["type"] = "PER",
  score: number | null = 0.5,
): Mention => ({
  text,
  start,
  end: start + text.length,
  type,
  score,
});
