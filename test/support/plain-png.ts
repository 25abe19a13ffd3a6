import { type HandPng, handPng } from "./picture-forms.ts";

/** Channels of each colour type (PNG specification, 11.2.1). */
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A PNG of 9 × 5, all zeros unless it is told otherwise. */
export function plainPng(form: Pick<HandPng, "colourType" | "depth"> & Partial<HandPng>): Uint8Array {
  return handPng({ width: 9, height: 5, sample: () => Array(CHANNELS[form.colourType]).fill(0), ...form });
}
