import type { PostPair } from "./pair-posts.ts";
import type { Protocol, ProtocolOptions, Row } from "./protocols/protocol.ts";
import { type Counts, type Ratios, ratiosOf } from "./ratios.ts";

/** What a protocol counts of one task over many posts. */
export interface Tally {
  /** Right, predicted and gold rows of each post, one post after another. */
  readonly counts: Int32Array;
  /** The scores of each type, the most frequent gold type first; of EEG none. */
  readonly byType: Readonly<Record<string, Ratios>>;
  /** The mean IoU over gold entities with masks; null without any. */
  readonly meanIou: number | null;
}

/** Numbers of a post in `Tally.counts`. */
export const PARTS = 3;

export function tallyOf(pairs: readonly PostPair[], protocol: Protocol, options: ProtocolOptions): Tally {
  const counts = new Int32Array(PARTS * pairs.length);
  const types = new Map<string, [right: number, predicted: number, gold: number]>();
  let [ious, shown] = [0, 0];
  const add = (rows: readonly Row[], place: number, part: number) => {
    counts[place] = rows.length;
    if (options.task === "eeg") return;
    for (const { type } of rows) {
      const own = types.get(type);
      if (own) own[part] = (own[part] ?? 0) + 1;
      else types.set(type, [Number(part === 0), Number(part === 1), Number(part === 2)]);
    }
  };
  let place = 0;
  for (const { gold, predicted } of pairs) {
    const rows = protocol.count(gold, predicted, options);
    add(rows.right, place++, 0);
    add(rows.predicted, place++, 1);
    add(rows.gold, place++, 2);
    for (const iou of rows.ious ?? []) ious += iou;
    shown += rows.ious?.length ?? 0;
  }
  const sorted = [...types].toSorted(([a, [, , m]], [b, [, , n]]) => n - m || (a < b ? -1 : 1));
  return {
    counts,
    byType: Object.fromEntries(
      sorted.map(([type, [right, predicted, gold]]) => [type, ratiosOf({ right, predicted, gold })]),
    ),
    meanIou: shown > 0 ? ious / shown : null,
  };
}

/** The counts of all posts together. */
export function totalOf(counts: Int32Array): Counts {
  let [right, predicted, gold] = [0, 0, 0];
  for (let place = 0; place < counts.length; place += PARTS) {
    right += counts[place] ?? 0;
    predicted += counts[place + 1] ?? 0;
    gold += counts[place + 2] ?? 0;
  }
  return { right, predicted, gold };
}
