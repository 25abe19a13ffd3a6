import { ProblemError } from "../../schemas/problem.ts";

/**
 * Chooses the media type of a response: of those offered, the one with the highest quality in `Accept`; if several have
 * the same, the one offered first (RFC 9110, section 12.5.1). Throws `not_acceptable` when `Accept` allows none.
 */
export function negotiate<Type extends string>(accept: string | undefined, offered: readonly [Type, ...Type[]]): Type {
  const ranges = (accept?.trim() ? accept : "*/*").split(",").map(parseRange);
  const candidates = offered.map((type) => ({ type, quality: quality(type, ranges) }));
  const best = candidates.reduce((a, b) => (b.quality > a.quality ? b : a));
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

/** The quality of a media type: that of the most specific range that matches it, else 0. */
function quality(type: string, ranges: readonly MediaRange[]): number {
  const candidates = [type, `${type.split("/", 1)[0]}/*`, "*/*"];
  for (const candidate of candidates) {
    const match = ranges.find((range) => range.type === candidate);
    if (match) return match.quality;
  }
  return 0;
}
