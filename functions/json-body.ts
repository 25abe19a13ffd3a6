import { jsonExcess } from "../schemas/json-size.ts";

/**
 * Most objects, arrays and members in a request. Set by hand: 200 entities with all their fields have about 1,000, a
 * text of 10,000 characters has at most as many tokens. Each costs memory and time, also when the stage does not know
 * its field.
 */
const MOST_PARTS = 50_000;
/** Deepest nesting: the stages' inputs have five levels. Set by hand. */
const DEEPEST = 32;

const FAULTS = {
  levels: `nested deeper than ${DEEPEST} levels`,
  values: `has more than ${MOST_PARTS} values`,
};

/** The body's value, or in a sentence why there is none: it is not JSON, too deep, or has too many parts. */
export function readJsonBody(bytes: Buffer): { value: unknown } | { fault: string } {
  const text = bytes.toString("utf8");
  const excess = jsonExcess(text, { levels: DEEPEST, values: MOST_PARTS });
  if (excess) return { fault: FAULTS[excess] };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: "not valid JSON" };
  }
}
