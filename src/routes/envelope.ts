import type { Problem } from "../../schemas/problem.ts";
import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import type { Session } from "./session.ts";

/** What every answer says of how it came about. @param problems that nobody failed at */
export function envelope(
  { id, stages }: Pick<Session, "id" | "stages">,
  problems: readonly Problem[] = [],
): Pick<RecognizeAnswer, "id" | "partial" | "problems" | "stages"> {
  const { failures, notes, records } = stages;
  return { id, partial: failures.length > 0, problems: [...failures, ...notes, ...problems], stages: records };
}
