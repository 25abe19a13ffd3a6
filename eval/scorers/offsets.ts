import type { EvaluatedEntity, EvaluatedPost } from "../../schemas/evaluation.ts";
import { tokenSpans } from "../../schemas/tokens.ts";

/** What a post's offsets are turned by; null when the post has neither text nor tokens. */
export interface Ruler {
  readonly text: string;
  readonly tokens: readonly string[] | null;
}

/** The text of a post, which is its tokens joined by one space where it has tokens. */
export function rulerOf({ text, tokens }: EvaluatedPost): Ruler | null {
  if (tokens) return { text: tokens.join(" "), tokens };
  return text === undefined ? null : { text, tokens: null };
}

/**
 * Converts the offsets of a post to UTF-16 code units, because every other unit converts to that one exactly. Throws an
 * error that names the post when a position lies outside the text or inside a character.
 */
export function inUtf16(post: EvaluatedPost, ruler: Ruler): EvaluatedPost {
  if (post.offset_unit === "utf-16") return post;
  const positionOf = positionsIn(post, ruler);
  const entities = post.entities.map((entity): EvaluatedEntity => {
    const { start, end } = entity;
    return start === null || end === null
      ? entity
      : { ...entity, start: positionOf(start, "start"), end: positionOf(end, "end") };
  });
  return { ...post, offset_unit: "utf-16", entities };
}

/** A post whose entities have the names that the post writes. Throws as `inUtf16` does. */
export function respell(post: EvaluatedPost, ruler: Ruler): EvaluatedPost {
  const { entities } = inUtf16(post, ruler);
  return {
    ...post,
    entities: post.entities.map((entity, index) => {
      const { start, end } = entities[index] ?? entity;
      return { ...entity, text: ruler.text.slice(start ?? 0, end ?? 0) };
    }),
  };
}

function positionsIn({ id, offset_unit }: EvaluatedPost, { text, tokens }: Ruler) {
  const outside = (position: number) => new Error(`post ${id}: there is no ${offset_unit} ${position} in its text`);
  if (offset_unit === "token") {
    if (!tokens) throw new Error(`post ${id} counts in tokens, and its tokens are not known`);
    const spans = tokenSpans(tokens);
    return (position: number, side: "start" | "end") => {
      const place = side === "start" ? spans[position]?.start : spans[position - 1]?.end;
      if (place === undefined) throw outside(position);
      return place;
    };
  }
  const lengthOf = offset_unit === "utf-8" ? (character: string) => Buffer.byteLength(character) : () => 1;
  const positions = new Map([[0, 0]]);
  let [counted, utf16] = [0, 0];
  for (const character of text) {
    counted += lengthOf(character);
    utf16 += character.length;
    positions.set(counted, utf16);
  }
  return (position: number) => {
    const place = positions.get(position);
    if (place === undefined) throw outside(position);
    return place;
  };
}
