import { ProblemError } from "../../schemas/problem.ts";

/** Media ranges of `Accept` that are read. Set by hand: browsers send about ten. */
const MAXIMUM_RANGES = 100;

/**
 * Chooses the media type of a response: of those offered, the one with the highest quality in `Accept` (RFC 9110,
 * section 12.5.1); if several have the same, the one that `Accept` names first, then the one offered first. Throws
 * `not_acceptable` when `Accept` allows none.
 */
export function negotiate<Type extends string>(accept: string | undefined, offered: readonly [Type, ...Type[]]): Type {
  const ranges = (accept?.trim() ? accept : "*/*").split(",", MAXIMUM_RANGES).map(parseRange);
  const candidates = offered.map((type) => ({ type, ...rank(type, ranges) }));
  const better = (a: Rank, b: Rank) => a.quality > b.quality || (a.quality === b.quality && a.place < b.place);
  const best = candidates.reduce((a, b) => (better(b, a) ? b : a));
  if (best.quality > 0) return best.type;
  throw new ProblemError("not_acceptable", `Accept allows none of ${offered.join(", ")}.`, {}, { Vary: "Accept" });
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function parseRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  const parsed = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: Number.isFinite(parsed) ? parsed : 0 };
}

interface Rank {
  readonly quality: number;
  /** The place in `Accept` of the range that the quality comes from. */
  readonly place: number;
}

/** The rank of a media type: that of the most specific range that matches it, else quality 0. */
function rank(type: string, ranges: readonly MediaRange[]): Rank {
  const candidates = [type, `${type.split("/", 1)[0]}/*`, "*/*"];
  for (const candidate of candidates) {
    const place = ranges.findIndex((range) => range.type === candidate);
    const match = ranges[place];
    if (match) return { quality: match.quality, place };
  }
  return { quality: 0, place: ranges.length };
}
