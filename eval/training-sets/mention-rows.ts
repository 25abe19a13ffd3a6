import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import { pictureNameOf } from "./names.ts";

/** A post for training mention recognition, with what one language model knows of it: one line of the JSON lines. */
export interface MentionRow {
  /** `ID.jpg#COPY`, unique in a file. */
  readonly id: string;
  readonly post_id: string;
  /** The name that the picture has in the data set. */
  readonly image: string;
  readonly tokens: readonly string[];
  /** BIO, one a token. */
  readonly labels: readonly string[];
  /** The paragraph; null for a copy without one. */
  readonly knowledge: string | null;
}

/** White space and control characters, some of which Python's `str.split()` takes for white space. */
const SPACE = /[\s\p{Cc}]+/gu;

/** AdaSeq's label of a token that is read and not predicted (modelscope/AdaSeq, `PAD_LABEL`). */
const UNLABELLED = "X";

/**
 * One row for each text that is known of a post, or one without. Throws an error that names the post when it has no
 * tokens with offsets in tokens, or entities that overlap.
 */
export function mentionRows(post: EvaluatedPost, knowledge: readonly string[]): MentionRow[] {
  const labels = bioLabels(post);
  const { id: post_id, tokens = [] } = post;
  return (knowledge.length > 0 ? knowledge : [null]).map((text, copy) => ({
    id: `${post_id}.jpg#${copy}`,
    post_id,
    image: pictureNameOf(post_id),
    tokens,
    labels,
    knowledge: text,
  }));
}

/**
 * A row as CoNLL lines, as PGIM and RiVEG train with them: `token<TAB>label`, then `<EOS>` and the words of the
 * knowledge with the label X, then a blank line. AdaSeq ends a token at white space, so that a token has none here; one
 * of nothing else is U+FFFD.
 */
export function conllLines({ tokens, labels, knowledge }: MentionRow): string {
  const words = knowledge?.split(SPACE).filter((word) => word !== "") ?? [];
  const lines = [
    ...tokens.map((token, index) => [token.replace(SPACE, "") || "\ufffd", labels[index] ?? "O"]),
    ...(knowledge === null ? [] : ["<EOS>", ...words].map((word) => [word, UNLABELLED])),
  ];
  return `${lines.map((columns) => columns.join("\t").replace(/\p{Surrogate}/gu, "\ufffd")).join("\n")}\n\n`;
}

function bioLabels({ id, tokens, offset_unit, entities }: EvaluatedPost): string[] {
  if (!tokens || (entities.length > 0 && offset_unit !== "token"))
    throw new Error(`post ${id} has no tokens with offsets in tokens, which mner needs`);
  const labels = tokens.map(() => "O");
  for (const { text, type, start, end } of entities) {
    if (start === null || end === null) throw new Error(`post ${id}: ${text} has no start and end, which mner needs`);
    if (end > tokens.length) throw new Error(`post ${id}: ${text} ends at token ${end} of ${tokens.length}`);
    for (let at = start; at < end; at++) {
      if (labels[at] !== "O")
        throw new Error(`post ${id}: ${text} overlaps another entity, which BIO labels cannot say`);
      labels[at] = `${at === start ? "B" : "I"}-${type}`;
    }
  }
  return labels;
}
