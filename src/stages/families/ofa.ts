import { gmnerTypeOf } from "../../../schemas/labels.ts";
import type { StageEntity } from "../../../schemas/primitives.ts";
import { phraseOf } from "../adapters/phrase.ts";

/** OFA's `max_src_length`, in words. */
const WORDS = 80;

/**
 * A text as OFA's own code prepares it, in training and use (OFA-Sys/OFA, data/ofa_dataset.py, `pre_caption`): lower
 * case, without leading punctuation, `-` and `/` as spaces.
 */
export function ofaText(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/^[,.!?*#:;~]+/, "")
    .replace(/[\p{Cc}/-]/gu, " ");
  return plain.split(/\s+/).filter(Boolean).slice(0, WORDS).join(" ");
}

/** One entity in RiVEG's form, `ENTITY(TYPE)-EXPANSION` (arXiv 2402.09989, section 3.3), prepared for OFA. */
export function ofaEntity(entity: StageEntity): string {
  const name =
    entity.text === undefined
      ? []
      : [entity.type === undefined ? entity.text : `${entity.text}(${gmnerTypeOf(entity.type)})`];
  const expansion = entity.expression === undefined ? [] : [entity.expression];
  return ofaText(phraseOf({ expression: [...name, ...expansion].join("-") }));
}
