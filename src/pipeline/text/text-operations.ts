import type { Labels } from "../../../schemas/labels.ts";
import type { OffsetEncoding } from "../../../schemas/primitives.ts";
import type { Uncharged } from "../../../schemas/recognize.ts";
import type { ExpandAnswer, MnerAnswer } from "../../../schemas/stage-routes.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import { envelopeOf, foldEvents } from "../fold.ts";
import { captionPicture } from "../picture/caption.ts";
import type { Picture } from "../picture/read-picture.ts";
import { uprightPicture } from "../picture/upright.ts";
import type { Run } from "../run.ts";
import { expand } from "./expand.ts";
import { findEntities } from "./find-entities.ts";
import { gatherKnowledge } from "./gather-knowledge.ts";
import { positionsOf } from "./positions.ts";

/** The text of a post, and its tokens if it came already split. */
export interface Words {
  readonly text: string;
  readonly tokens: readonly string[] | null;
}

export interface MnerQuestion extends Words {
  readonly labels: Labels;
  readonly mentionThreshold: number;
  readonly offsetEncoding: OffsetEncoding;
}

/**
 * The mentions of a text. Throws a `ProblemError` when the mner stage fails.
 *
 * @param picture for models that use it; null when the post has none
 */
export async function findMentions(
  question: MnerQuestion,
  picture: Picture | null,
  run: Run,
): Promise<Uncharged<MnerAnswer>> {
  await run.stages.admit(["mner"], picture !== null && run.stages.chain("mner").some(({ usesPicture }) => usesPicture));
  const { text, tokens, offsetEncoding } = question;
  const positions = positionsOf(text, tokens, offsetEncoding);
  const query = { ...question, positions, mentions: null, maxEntities: Number.POSITIVE_INFINITY };
  let preparing: Promise<PictureRef | null> | null = null;
  const getPicture = () => {
    preparing ??= picture ? uprightPicture(picture, run) : Promise.resolve(null);
    return preparing;
  };
  const getCaption = async () => (picture ? captionPicture(getPicture(), picture, run) : null);
  const getKnowledge = () => gatherKnowledge(text, getCaption, run);
  await findEntities(query, run, getPicture, getKnowledge);
  const findings = foldEvents(run.finish());
  return {
    ...envelopeOf(run.id, findings),
    offset_encoding: offsetEncoding,
    mentions: findings.mentions.map(({ entity: { type, coarse_type }, mention }) => ({
      ...mention,
      type,
      coarse_type,
    })),
  };
}

/** One referring expression for each entity. Throws a `ProblemError` when the stage gave none at all. */
export async function expandEntities(
  entities: readonly { readonly id: string; readonly text: string; readonly type: string }[],
  text: string,
  caption: string | null,
  run: Run,
): Promise<Uncharged<ExpandAnswer>> {
  await run.stages.admit(["expansion"], false);
  const expressions = await expand(entities, { text, caption, background: caption, picture: null }, run);
  if (expressions.size === 0 && run.stages.failed("expansion")) throw run.stages.failure("expansion");
  const findings = foldEvents(run.finish());
  return {
    ...envelopeOf(run.id, findings),
    expressions: entities.map(({ id }) => ({ id, text: null, method: null, ...findings.expressions.get(id) })),
  };
}
