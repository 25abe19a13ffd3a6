import type { Box } from "../../schemas/primitives.ts";

/** What a line says. `score` is the mean probability of its characters; `centres` the x of the middle of each UTF-16 unit of `text`. */
export interface ReadLine {
  readonly text: string;
  readonly score: number;
  readonly centres: readonly number[];
}

/**
 * Greedy CTC decoding: the likeliest character of each step, repetitions joined, blanks (character 0) dropped.
 * @param probabilities [steps × characters]; the steps divide the line's box evenly from left to right
 */
export function decodeLine(probabilities: Float32Array, alphabet: readonly string[], box: Box): ReadLine {
  const steps = probabilities.length / alphabet.length;
  const stepWidth = (box.xmax - box.xmin) / steps;
  const centres: number[] = [];
  let text = "";
  let sum = 0;
  let count = 0;
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    const row = probabilities.subarray(step * alphabet.length, (step + 1) * alphabet.length);
    const best = argmax(row);
    if (best !== 0 && best !== previous) {
      const character = alphabet[best] ?? "";
      text += character;
      for (let unit = 0; unit < character.length; unit++) centres.push(box.xmin + (step + 0.5) * stepWidth);
      sum += row[best] ?? 0;
      count++;
    }
    previous = best;
  }
  return { text, score: count > 0 ? Math.min(1, sum / count) : 0, centres };
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}
