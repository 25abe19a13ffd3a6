import { ENTITY_TYPES, type EntityType } from "../../schemas/primitives.ts";

/** The tagger's labels in the order of its logits: O, then B- and I- of each type. */
const LABELS = ["O", ...ENTITY_TYPES.flatMap((type) => [`B-${type}`, `I-${type}`])];
export const LABEL_COUNT = LABELS.length;

/** A mention from word `from` to before word `to`; `probability` is that of exactly this span with this type. */
export interface TaggedSpan {
  readonly from: number;
  readonly to: number;
  readonly type: EntityType;
  readonly probability: number;
}

const isInside = (label: number) => label > 0 && label % 2 === 0;
const typeOf = (label: number) => ENTITY_TYPES[(label - 1) >> 1] as EntityType;

/** I- may follow B- or I- of its own type only, and may not begin a text. */
function mayFollow(previous: number | null, label: number): boolean {
  return !isInside(label) || (previous !== null && (previous === label || previous === label - 1));
}

/**
 * The most probable sequence of labels (Viterbi) as spans, each with its marginal probability over all sequences
 * (forward-backward). Only valid BIO sequences count.
 *
 * @param scores natural logarithms of the label probabilities, `LABEL_COUNT` per word
 */
export function decode(scores: Float64Array): TaggedSpan[] {
  const words = scores.length / LABEL_COUNT;
  const path = bestPath(scores, words);
  const forward = sums(scores, words, "forward");
  const backward = sums(scores, words, "backward");
  const total = logSum(row(forward, words - 1));
  const spans: TaggedSpan[] = [];
  for (let from = 0; from < words; from++) {
    const begin = path[from] ?? 0;
    if (begin === 0 || isInside(begin)) continue;
    let to = from + 1;
    while (path[to] === begin + 1) to++;
    let inside = at(forward, from, begin);
    for (let word = from + 1; word < to; word++) inside += at(scores, word, begin + 1);
    // All continuations that do not make the mention longer.
    const after =
      to === words
        ? 0
        : logSum(
            range((label) =>
              label === begin + 1 || isInside(label)
                ? Number.NEGATIVE_INFINITY
                : at(scores, to, label) + at(backward, to, label),
            ),
          );
    spans.push({ from, to, type: typeOf(begin), probability: Math.min(1, Math.exp(inside + after - total)) });
  }
  return spans;
}

/**
 * The probability of each word that it is in no mention, over all valid sequences.
 *
 * @param scores as for `decode`
 */
export function outside(scores: Float64Array): number[] {
  const words = scores.length / LABEL_COUNT;
  if (words === 0) return [];
  const forward = sums(scores, words, "forward");
  const backward = sums(scores, words, "backward");
  const total = logSum(row(forward, words - 1));
  return Array.from({ length: words }, (_, word) =>
    Math.min(1, Math.exp(at(forward, word, 0) + at(backward, word, 0) - total)),
  );
}

function bestPath(scores: Float64Array, words: number): number[] {
  const best: number[][] = [];
  const previousLabels: number[][] = [];
  for (let word = 0; word < words; word++) {
    best.push([]);
    previousLabels.push([]);
    for (let label = 0; label < LABEL_COUNT; label++) {
      let [value, from] = [mayFollow(null, label) ? 0 : Number.NEGATIVE_INFINITY, 0];
      if (word > 0) {
        value = Number.NEGATIVE_INFINITY;
        for (let previous = 0; previous < LABEL_COUNT; previous++) {
          const candidate = best[word - 1]?.[previous] ?? 0;
          if (mayFollow(previous, label) && candidate > value) [value, from] = [candidate, previous];
        }
      }
      best[word]?.push(value + at(scores, word, label));
      previousLabels[word]?.push(from);
    }
  }
  const last = best[words - 1] ?? [];
  const path = words > 0 ? [last.indexOf(Math.max(...last))] : [];
  for (let word = words - 1; word > 0; word--) path.unshift(previousLabels[word]?.[path[0] ?? 0] ?? 0);
  return path;
}

/**
 * Log sums per word and label. Forward: all sequences up to the label, it included. Backward: all sequences after it.
 */
function sums(scores: Float64Array, words: number, direction: "forward" | "backward"): Float64Array {
  const result = new Float64Array(scores.length);
  for (let step = 0; step < words; step++) {
    const word = direction === "forward" ? step : words - 1 - step;
    for (let label = 0; label < LABEL_COUNT; label++) {
      if (direction === "forward") {
        const before =
          step === 0
            ? mayFollow(null, label)
              ? 0
              : Number.NEGATIVE_INFINITY
            : logSum(
                range((previous) =>
                  mayFollow(previous, label) ? at(result, word - 1, previous) : Number.NEGATIVE_INFINITY,
                ),
              );
        result[word * LABEL_COUNT + label] = before + at(scores, word, label);
      } else if (step > 0) {
        result[word * LABEL_COUNT + label] = logSum(
          range((next) =>
            mayFollow(label, next) ? at(scores, word + 1, next) + at(result, word + 1, next) : Number.NEGATIVE_INFINITY,
          ),
        );
      }
    }
  }
  return result;
}

const at = (table: Float64Array, word: number, label: number) => table[word * LABEL_COUNT + label] ?? 0;
const row = (table: Float64Array, word: number) =>
  Array.from(table.subarray(word * LABEL_COUNT, (word + 1) * LABEL_COUNT));
const range = (value: (label: number) => number) => Array.from({ length: LABEL_COUNT }, (_, label) => value(label));

function logSum(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest === Number.NEGATIVE_INFINITY
    ? largest
    : largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
