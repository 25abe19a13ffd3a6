import * as z from "zod/mini";
import type { Calibration } from "../stage-adapter.ts";

const Calibrations = z.record(z.string(), z.strictObject({ slope: z.number(), intercept: z.number() }));

/** How far from 0 and 1 a probability is held, so that its logit is finite. */
const EDGE = 1e-6;

/**
 * Fitted constants as the variable `CALIBRATION` has them: `{"openai/gpt-4.1-mini#yes-no-1": {"slope": 0.7,
 * "intercept": -0.4}}`, by a model's entry and its prompt's version. Null where the text is not that.
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
 * A raw probability by Platt's constants (Platt, "Probabilistic outputs for support vector machines", 1999); as it is
 * where there are none.
 */
export function calibrate(raw: number, constants: Calibration | undefined): { score: number; calibrated: boolean } {
  if (!constants) return { score: raw, calibrated: false };
  const held = Math.min(1 - EDGE, Math.max(EDGE, raw));
  const logit = Math.log(held / (1 - held));
  return { score: 1 / (1 + Math.exp(-(constants.slope * logit + constants.intercept))), calibrated: true };
}
