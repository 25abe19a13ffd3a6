import * as z from "zod/mini";

/** Platt's constants: the calibrated probability is `1 / (1 + exp(-(slope * logit(raw) + intercept)))`. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

const Calibrations = z.record(z.string(), z.strictObject({ slope: z.number(), intercept: z.number() }));

/** The least distance of a probability from 0 and 1, so that its logit is finite. */
const EDGE = 1e-6;

/**
 * The fitted constants of the variable `CALIBRATION`, by a model's entry and its prompt's version:
 * `{"openai/gpt-4.1-mini#yes-no-1": {"slope": 0.7, "intercept": -0.4}}`. Null when the text is not such JSON.
 */
export function readCalibrations(text: string): ReadonlyMap<string, Calibration> | null {
  if (text.trim() === "") return new Map();
  try {
    const parsed = z.safeParse(Calibrations, JSON.parse(text));
    return parsed.success ? new Map(Object.entries(parsed.data)) : null;
  } catch {
    return null;
  }
}

/**
 * A raw probability, calibrated by Platt's constants (Platt, "Probabilistic outputs for support vector machines",
 * 1999); unchanged where there are none.
 */
export function calibrate(raw: number, constants: Calibration | undefined): { score: number; calibrated: boolean } {
  if (!constants) return { score: raw, calibrated: false };
  const clamped = Math.min(1 - EDGE, Math.max(EDGE, raw));
  const logit = Math.log(clamped / (1 - clamped));
  return { score: 1 / (1 + Math.exp(-(constants.slope * logit + constants.intercept))), calibrated: true };
}
