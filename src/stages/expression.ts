import type { StageEntity } from "../../schemas/primitives.ts";
import { StageError } from "./stage-model.ts";

/** What a model should look for: the expression, or the name where nobody wrote one. Throws a `StageError` where there is neither. */
export function expressionOf(entity: Pick<StageEntity, "expression" | "text"> | undefined): string {
  const words = entity?.expression ?? entity?.text;
  if (words === undefined) throw new StageError("rejected", "must be told what to look for");
  return words;
}
