import { ProblemError } from "../../schemas/problem.ts";

/**
 * The media type to answer with: of those offered, the one that `Accept` rates highest, the first offered where it
 * rates several alike (RFC 9110, section 12.5.1). Throws `not_acceptable` when it takes none.
 */
export function negotiate<Type extends string>(accept: string | undefined, offered: readonly [Type, ...Type[]]): Type {
  const ranges = (accept?.trim() ? accept : "*/*").split(",").map(parseRange);
  const rated = offered.map((type) => ({ type, quality: quality(type, ranges) }));
  const best = rated.reduce((a, b) => (b.quality > a.quality ? b : a));
  if (best.quality > 0) return best.type;
  throw new ProblemError("not_acceptable", `Accept takes none of ${offered.join(", ")}.`, {}, { Vary: "Accept" });
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

/** The most specific range that matches decides. */
function quality(type: string, ranges: readonly MediaRange[]): number {
  const candidates = [type, `${type.split("/", 1)[0]}/*`, "*/*"];
  for (const candidate of candidates) {
    const range = ranges.find((one) => one.type === candidate);
    if (range) return range.quality;
  }
  return 0;
}
