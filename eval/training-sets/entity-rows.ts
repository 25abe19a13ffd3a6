import type { BoxCorners } from "../../schemas/evaluation.ts";
import { idOfPicture, ofPost } from "../readers/evaluated-file.ts";
import { tsvLine } from "./columns.ts";
import { labelOf } from "./entities.ts";
import { pictureNameOf } from "./names.ts";
import type { PhrasedEntity } from "./phrasings.ts";

/** Which boxes of an entity with several become rows. Which RiVEG took is not published; this choice is ours. */
export const SEVERAL_BOXES = ["each", "first", "largest"] as const;
export type SeveralBoxes = (typeof SEVERAL_BOXES)[number];

/** What rows of both tasks have: one line of the JSON lines. */
interface EntityRow {
  /** `ID.jpg#ENTITY-PHRASING`, and the box's number behind it for visual grounding; unique in a file. */
  readonly id: string;
  readonly post_id: string;
  /** The name that the picture has in the data set. */
  readonly image: string;
  readonly entity: string;
  readonly type: string;
  readonly expansion: string | null;
  readonly expansion_method: "llm" | "template" | null;
  /** `NAME(TYPE)-EXPANSION`, or `NAME(TYPE)`. */
  readonly text: string;
}

/** An example of visual entailment. */
export interface EntailmentRow extends EntityRow {
  /** A caption of the picture; null where it has none, absent where no captions were given. */
  readonly caption?: string | null;
  readonly label: "entailment" | "contradiction";
}

/** An example of visual grounding. `box` is `[x1, y1, x2, y2]` in pixels of the upright picture. */
export interface GroundingRow extends EntityRow {
  readonly box: BoxCorners;
}

/** One row for each phrasing: an entity without a box is a natural negative. */
export function entailmentRows(entity: PhrasedEntity, captions: ReadonlyMap<string, string> | null): EntailmentRow[] {
  const caption = captions && { caption: ofPost(captions, entity.postId) ?? null };
  const label = entity.boxes.length > 0 ? "entailment" : "contradiction";
  return phrasedRows(entity).map((row) => ({ ...row, ...caption, label }));
}

/** One row for each phrasing and box of an entity that the picture shows; none for any other. */
export function groundingRows(entity: PhrasedEntity, several: SeveralBoxes): GroundingRow[] {
  const numbers = boxesToTake(entity.boxes, several);
  return phrasedRows(entity).flatMap((row) =>
    numbers.map((number) => ({ ...row, id: `${row.id}-${number}`, box: entity.boxes[number] as BoxCorners })),
  );
}

/**
 * OFA's columns of visual entailment (JinYuanLi0012/RiVEG, `Twitter10000_to_OFA_VE.py`): unique id, picture's id,
 * picture, caption, text, label. OFA reads 0,2,3,4,5 of them as id, picture, hypothesis, caption and label
 * (OFA-Sys/OFA, `snli_ve_dataset.py`), so that the caption is its text2 and the entity its text1, as in RiVEG's runs.
 */
export function entailmentTsv({ id, image, caption, text, label }: EntailmentRow, base64: string): string {
  return tsvLine([id, idOfPicture(image), base64, caption ?? "", text, label]);
}

/**
 * OFA's columns of visual grounding (JinYuanLi0012/RiVEG, `Twitter10000_to_OFA_REC.py`): unique id, picture's id, text,
 * region `x0,y0,x1,y1`, picture. OFA reads 0,4,2,3 of them (OFA-Sys/OFA, `refcoco_dataset.py`).
 */
export function groundingTsv({ id, image, text, box }: GroundingRow, base64: string): string {
  return tsvLine([id, idOfPicture(image), text, box.join(","), base64]);
}

function phrasedRows({ postId, index, name, type, phrasings }: PhrasedEntity): EntityRow[] {
  return phrasings.map(({ text, method }, number) => ({
    id: `${postId}.jpg#${index}-${number}`,
    post_id: postId,
    image: pictureNameOf(postId),
    entity: name,
    type,
    expansion: text,
    expansion_method: method,
    text: text === null ? labelOf(name, type) : `${labelOf(name, type)}-${text}`,
  }));
}

/** The numbers of the boxes that become rows, from 0. Of boxes of one size the first is the largest. */
function boxesToTake(boxes: readonly BoxCorners[], several: SeveralBoxes): number[] {
  const numbers = boxes.map((_, number) => number);
  if (several === "each") return numbers;
  if (several === "first") return numbers.slice(0, 1);
  const areas = boxes.map(([x1, y1, x2, y2]) => (x2 - x1) * (y2 - y1));
  return numbers.toSorted((a, b) => (areas[b] ?? 0) - (areas[a] ?? 0)).slice(0, 1);
}
