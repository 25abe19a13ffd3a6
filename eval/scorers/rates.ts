import type { PostPair } from "./pair-posts.ts";
import { matchSpans } from "./same-span.ts";

/** A share of entities; null where it cannot be known, with the reason. */
export type Rate =
  | { readonly count: number; readonly of: number; readonly rate: number }
  | { readonly rate: null; readonly reason: string };

/** Two faults that precision and recall do not tell apart from others. */
export interface Rates {
  /** Of the predicted entities that gold has and does not see in the picture, those with a region. */
  readonly grounded_although_absent: Rate;
  /** Of all predicted entities, those whose name the post's text does not have: read from the picture, or invented. */
  readonly named_although_only_in_picture: Rate;
}

export function ratesOf(pairs: readonly PostPair[], byOffsets: boolean, lacksRegions: string | undefined): Rates {
  const absent = pairs
    .flatMap((pair) => matchSpans(pair, byOffsets))
    .flatMap(([gold, predicted]) => (gold && predicted && gold.boxes.length === 0 ? [predicted] : []));
  const grounded = absent.filter(({ boxes }) => boxes.length > 0);
  const named = pairs.flatMap(({ predicted, text }) =>
    predicted.entities.map((entity) => ({ name: entity.text, text })),
  );
  const hasText = named.every(({ text }) => text !== null);
  return {
    grounded_although_absent: lacksRegions
      ? { rate: null, reason: lacksRegions }
      : rateOf(grounded.length, absent.length, "no predicted entity is one that the picture does not show"),
    named_although_only_in_picture: hasText
      ? rateOf(named.filter(({ name, text }) => !isIn(name, text ?? "")).length, named.length, "nothing was predicted")
      : { rate: null, reason: "no file has the text or the tokens of the posts" },
  };
}

function isIn(name: string, text: string): boolean {
  return text.includes(name) || spelling(text).includes(spelling(name));
}

/** A text without its spaces and its case: tokens are spaced otherwise than the text that they came from. */
function spelling(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
}

function rateOf(count: number, of: number, reason: string): Rate {
  return of > 0 ? { count, of, rate: count / of } : { rate: null, reason };
}
