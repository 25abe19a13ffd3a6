import { gmnerTypeOf } from "../../../schemas/labels.ts";
import type { StageEntity } from "../../../schemas/primitives.ts";
import { phraseOf } from "../adapters/phrase.ts";

/** OFA's `max_src_length`. */
const WORDS = 80;

/**
 * A text as OFA's own code reads it before it asks (OFA-Sys/OFA, data/ofa_dataset.py, `pre_caption`): its weights have
 * seen no other. Case is folded, punctuation in front dropped, `-` and `/` are spaces.
 */
export function ofaText(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/^[,.!?*#:;~]+/, "")
    .replace(/[\p{Cc}/-]/gu, " ");
  return plain.split(/\s+/).filter(Boolean).slice(0, WORDS).join(" ");
}

/** One entity as RiVEG names it, `ENTITY(TYPE)-EXPANSION` (reference: riveg, sections 1.2 to 1.4), in OFA's reading. */
export function ofaEntity(entity: StageEntity | undefined): string {
  const name =
    entity?.text === undefined
      ? []
      : [entity.type === undefined ? entity.text : `${entity.text}(${gmnerTypeOf(entity.type)})`];
  const expansion = entity?.expression === undefined ? [] : [entity.expression];
  return ofaText(phraseOf({ expression: [...name, ...expansion].join("-") }));
}
