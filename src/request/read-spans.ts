import type { OffsetEncoding, Span } from "../../schemas/primitives.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { tokenSpans } from "../../schemas/tokens.ts";
import type { Offsets } from "../pipeline/text/offsets.ts";
import { type Positions, positionsOf } from "../pipeline/text/positions.ts";

/** A caller's span in UTF-16 code units, or what is wrong with it. */
export type ReadSpan = (span: Span, pointer: string) => { readonly span: Span } | { readonly errors: FieldError[] };

/** Positions in a text, and how a caller's spans of it are read. */
interface CallersPositions {
  readonly positions: Positions;
  readonly readSpan: ReadSpan;
}

/** Positions that count the characters of a text. A caller's span may not cut one of the tokens. */
export function characterPositions(
  text: string,
  tokens: readonly string[] | null,
  encoding: OffsetEncoding,
): CallersPositions {
  const positions = positionsOf(text, tokens, encoding);
  const { offsets } = positions;
  const spans = tokenSpans(tokens ?? []);
  const cut = (at: number, side: "start" | "end", pointer: string, value: number): FieldError[] => {
    // A start on the space behind a token, or an end on the space before one, is no border of a token either.
    const index = spans.findIndex(
      side === "start" ? ({ start, end }) => start < at && at <= end : ({ start, end }) => start <= at && at < end,
    );
    const token = spans[index];
    if (!token) return [];
    const limit = [offsets.fromUtf16(token.start), offsets.fromUtf16(token.end)];
    return [{ pointer, detail: `cuts /tokens/${index}, which is from ${limit.join(" to ")}`, limit, value }];
  };
  /** A name begins after the mark of its handle. */
  const isAfterMark = (at: number) => /(?:^|\s)[@#＠＃]+$/u.test(text.slice(Math.max(0, at - 10), at));
  return {
    positions,
    readSpan({ start, end }, pointer) {
      const [first, last] = [offsets.toUtf16(start), offsets.toUtf16(end)];
      if (first === null || last === null) {
        return {
          errors: [
            ...(first === null ? [invalidOffset(`${pointer}/start`, start, offsets)] : []),
            ...(last === null ? [invalidOffset(`${pointer}/end`, end, offsets)] : []),
          ],
        };
      }
      if (last <= first) return { errors: [notAfterStart(pointer, start, end)] };
      const errors = [
        ...(isAfterMark(first) ? [] : cut(first, "start", `${pointer}/start`, start)),
        ...cut(last, "end", `${pointer}/end`, end),
      ];
      return errors.length > 0 ? { errors } : { span: { start: first, end: last } };
    },
  };
}

/** Positions that count tokens. */
export function tokenPositions(text: string, tokens: readonly string[]): CallersPositions {
  const { offsets, of } = positionsOf(text, tokens, "utf-16");
  const spans = tokenSpans(tokens);
  return {
    positions: { offsets, of: (start, end) => inTokens(of(start, end)) },
    readSpan({ start, end }, pointer) {
      const [first, last] = [spans[start], spans[end - 1]];
      if (end <= start) return { errors: [notAfterStart(pointer, start, end)] };
      if (first && last) return { span: { start: first.start, end: last.end } };
      const outside = (field: string, value: number): FieldError => {
        return { pointer: `${pointer}/${field}`, detail: "lies outside the tokens", limit: tokens.length, value };
      };
      return { errors: [...(first ? [] : [outside("start", start)]), outside("end", end)] };
    },
  };
}

/** A place in a text whose `start` and `end` count tokens. */
export function inTokens<Place extends Span & { tokens: Span | null }>(place: Place): Place {
  return { ...place, ...place.tokens };
}

function invalidOffset(pointer: string, value: number, { length }: Offsets): FieldError {
  return value > length
    ? { pointer, detail: "lies outside the text", limit: length, value }
    : { pointer, detail: "lies inside a character", value };
}

function notAfterStart(pointer: string, start: number, end: number): FieldError {
  return { pointer: `${pointer}/end`, detail: "must be greater than start", limit: start, value: end };
}
