import type { Box, StageEntity } from "../../../schemas/primitives.ts";
import type { MaskForm, RecognizeAnswer, Uncharged } from "../../../schemas/recognize.ts";
import { roundBox } from "../../../schemas/rounding.ts";
import type { EntailAnswer, GroundAnswer, SegmentAnswer } from "../../../schemas/stage-routes.ts";
import { envelopeOf, foldEvents, noMask, notJudged } from "../fold.ts";
import type { Run } from "../run.ts";
import { fromCaller } from "./frame.ts";
import { locate } from "./locate.ts";
import type { Picture } from "./read-picture.ts";
import { segmentAll } from "./segment.ts";
import { requireUpright } from "./upright.ts";
import { visibilityOf } from "./visibility.ts";

interface EntailOptions {
  readonly caption: string | null;
  /** The text of the post; null when the caller did not send it. */
  readonly text: string | null;
  /** Score from which an entity counts as visible; undefined for the model's own decision. */
  readonly threshold: number | undefined;
}

/** Whether the picture shows each entity. Throws a `ProblemError` when the stage gave no answer. */
export async function entailEntities(
  entities: readonly StageEntity[],
  { caption, text, threshold }: EntailOptions,
  picture: Picture,
  run: Run,
): Promise<Uncharged<EntailAnswer>> {
  await run.stages.admit(["entailment"], true);
  const upright = await requireUpright(picture, run);
  const background = { ...(caption !== null && { caption }), ...(text !== null && { text }) };
  const output = await run.stages.require("entailment", { ...background, entities: [...entities] }, upright);
  const judgements = new Map(output.judgements.map((judgement) => [judgement.id, judgement]));
  for (const { id } of entities) {
    const visibility = visibilityOf(judgements.get(id), threshold, null, run.stages.missing("entailment", id));
    run.emit({ event: "visibility", entity_id: id, visibility });
  }
  const findings = foldEvents(run.finish());
  return {
    ...envelopeOf(run.id, findings),
    image: imageFacts(picture),
    judgements: entities.map(({ id }) => ({ id, ...(findings.visibilities.get(id) ?? notJudged("undecided")) })),
  };
}

/**
 * The boxes of each entity: every candidate that the model returns. Throws a `ProblemError` when the stage gave no
 * answer.
 *
 * @param text of the post; null when the caller did not send it
 */
export async function groundPhrases(
  entities: readonly StageEntity[],
  text: string | null,
  threshold: number,
  picture: Picture,
  run: Run,
): Promise<Uncharged<GroundAnswer>> {
  await run.stages.admit(["grounding"], true);
  const upright = await requireUpright(picture, run);
  const question = { ...(text !== null && { text }), entities: [...entities] };
  const { groundings } = await run.stages.require("grounding", question, upright);
  const grounded = new Map(groundings.map(({ id, regions }) => [id, regions]));
  for (const { entityId, region } of locate(entities, grounded, upright, picture.size, threshold)) {
    run.emit({ event: "region", entity_id: entityId, region });
  }
  const findings = foldEvents(run.finish());
  return {
    ...envelopeOf(run.id, findings),
    image: imageFacts(picture),
    groundings: entities.map(({ id }) => ({ id, regions: [...(findings.regions.get(id) ?? [])] })),
  };
}

/**
 * A mask for each box, which lies in the caller's upright picture. Throws a `ProblemError` when the stage gave no
 * answer.
 */
export async function segmentBoxes(
  boxes: readonly { readonly id: string; readonly box: Box; readonly type?: string | undefined }[],
  form: MaskForm,
  picture: Picture,
  run: Run,
): Promise<Uncharged<SegmentAnswer>> {
  await run.stages.admit(["segmentation"], true);
  const upright = await requireUpright(picture, run);
  const prompts = boxes.map((prompt) => ({ ...prompt, modelBox: fromCaller(prompt.box, upright, picture.size) }));
  await segmentAll(prompts, upright, picture.size, form, run);
  const findings = foldEvents(run.finish());
  const masks = boxes.map(({ id, box }) => ({
    id,
    box: roundBox(box),
    ...(findings.masks.get(id) ?? noMask("no_mask")),
  }));
  if (masks.every(({ mask_reason }) => mask_reason === "stage_failed" || mask_reason === "over_budget"))
    throw run.stages.failure("segmentation");
  return { ...envelopeOf(run.id, findings), image: imageFacts(picture), masks };
}

/** The field `image` of an answer: the size of the upright picture in pixels, and the SHA-256 of the bytes sent. */
function imageFacts({ size, sha256 }: Picture): NonNullable<RecognizeAnswer["image"]> {
  return { ...size, sha256 };
}
