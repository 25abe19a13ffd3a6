import { ratiosOf } from "./ratios.ts";

/** A span of tokens or of characters, half-open. */
export interface TokenSpan {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

export interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly predicted: number;
  readonly gold: number;
  readonly right: number;
}

/**
 * The spans of BIO labels as seqeval reads them in its default mode (seqeval 1.2.2, `get_entities`): an I- that
 * continues nothing begins an entity, and so does an I- of another type.
 */
export function spansOf(labels: readonly string[]): TokenSpan[] {
  const spans: TokenSpan[] = [];
  let open: { type: string; start: number } | null = null;
  for (const [index, label] of [...labels, "O"].entries()) {
    const [prefix, type = ""] = label === "O" ? ["O"] : [label[0], label.slice(2)];
    if (open && (prefix !== "I" || type !== open.type)) {
      spans.push({ ...open, end: index });
      open = null;
    }
    if (prefix !== "O" && !open) open = { type, start: index };
  }
  return spans;
}

/**
 * Micro-averaged over all sentences, in percent; an undefined ratio is 0, as in seqeval. `by_type` does the same for
 * each type.
 */
export function scoreSpans(
  gold: readonly TokenSpan[][],
  predicted: readonly TokenSpan[][],
): Scores & { by_type: Record<string, Scores> } {
  const keys = (sentences: readonly TokenSpan[][]) =>
    sentences.flatMap((spans, sentence) => [
      ...new Set(spans.map(({ type, start, end }) => `${sentence} ${start} ${end} ${type}`)),
    ]);
  const [goldKeys, predictedKeys] = [keys(gold), keys(predicted)];
  const types = [...new Set([...goldKeys, ...predictedKeys].map(typeOfKey))].sort();
  return {
    ...ratios(goldKeys, predictedKeys),
    by_type: Object.fromEntries(
      types.map((type) => {
        const ofType = (all: string[]) => all.filter((key) => typeOfKey(key) === type);
        return [type, ratios(ofType(goldKeys), ofType(predictedKeys))];
      }),
    ),
  };
}

const typeOfKey = (key: string) => key.slice(key.lastIndexOf(" ") + 1);

function ratios(gold: string[], predicted: string[]): Scores {
  const goldKeys = new Set(gold);
  const right = predicted.filter((key) => goldKeys.has(key)).length;
  const counts = { right, predicted: predicted.length, gold: gold.length };
  const { precision, recall, f1 } = ratiosOf(counts);
  const percent = (ratio: number | null) => 100 * (ratio ?? 0);
  return { precision: percent(precision), recall: percent(recall), f1: percent(f1), ...counts };
}
