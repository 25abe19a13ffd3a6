import { jsonExcess } from "../../schemas/json-size.ts";
import { StageError } from "./stage-error.ts";

/** Limits of a model's JSON. Set by hand: the largest valid answers have a third of them. */
const LARGEST_REPLY = { levels: 64, values: 200_000 };

/**
 * The value of a model's JSON. Throws a `StageError`: `invalid_output` when it has too many values or levels,
 * `unreadable` when it is not JSON.
 */
export function parseBounded(text: string): unknown {
  if (jsonExcess(text, LARGEST_REPLY))
    throw new StageError("invalid_output", "answered with too many values, or too deep in each other");
  try {
    return JSON.parse(text);
  } catch {
    throw new StageError("unreadable", "answered with invalid or incomplete JSON");
  }
}
