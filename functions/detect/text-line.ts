import type { Box } from "../../schemas/primitives.ts";

/**
 * One UTF-16 code unit of a line: the x of its middle, in picture coordinates, and the recogniser's confidence.
 */
export interface Letter {
  readonly x: number;
  readonly score: number;
}

/** The text of a line, with one letter per UTF-16 code unit. `score` is the mean of the letters' scores. */
export interface ReadLine {
  readonly text: string;
  readonly score: number;
  readonly letters: readonly Letter[];
}

/**
 * Greedy CTC decoding: the most probable character of each step, repetitions joined, blanks (character 0) dropped.
 * @param probabilities [steps × characters]; the steps divide the line's box evenly from left to right
 */
export function decodeLine(probabilities: Float32Array, alphabet: readonly string[], box: Box): ReadLine {
  const steps = probabilities.length / alphabet.length;
  const stepWidth = (box.xmax - box.xmin) / steps;
  const letters: Letter[] = [];
  let text = "";
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    const row = probabilities.subarray(step * alphabet.length, (step + 1) * alphabet.length);
    const best = argmax(row);
    if (best !== 0 && best !== previous) {
      const character = alphabet[best] ?? "";
      text += character;
      const letter = { x: box.xmin + (step + 0.5) * stepWidth, score: Math.min(1, row[best] ?? 0) };
      for (let unit = 0; unit < character.length; unit++) letters.push(letter);
    }
    previous = best;
  }
  return { text, score: meanScore(letters), letters };
}

/** Mean score of letters; 0 when there are none. */
export function meanScore(letters: readonly Letter[]): number {
  return letters.reduce((sum, { score }) => sum + score, 0) / Math.max(1, letters.length);
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}
