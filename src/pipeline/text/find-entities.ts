import { coarseTypeOf, type Labels, labelsName, typesOf } from "../../../schemas/labels.ts";
import { ProblemError, problemDocument } from "../../../schemas/problem.ts";
import { scriptProblem } from "../../../schemas/script.ts";
import type { Mention, MnerOutput } from "../../../schemas/stages/mner.ts";
import type { StageModel } from "../../stages/model.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { Run } from "../run.ts";
import { anchorMentions } from "./anchor.ts";
import { doubtfulSpans, mergeReconsidered } from "./cascade.ts";
import { groupEntities, type NamedEntity } from "./entities.ts";
import { nameSpans } from "./name-span.ts";
import type { Positions } from "./positions.ts";
import { type Readable, readable } from "./readable.ts";

/** A text whose named entities are to be found. */
export interface EntityQuery {
  readonly text: string;
  /** The tokens of a post that came already split; null otherwise. */
  readonly tokens: readonly string[] | null;
  readonly labels: Labels;
  /** Mentions that score less are dropped. A mention without a score stays. */
  readonly mentionThreshold: number;
  /** The caller's own mentions, taken as they are; null to have them found. */
  readonly mentions: readonly Mention[] | null;
  /** Maximum entities returned, in text order. */
  readonly maxEntities: number;
  readonly positions: Positions;
}

/**
 * The named entities of a text, in the order in which the text names them. Emits a `mention` event for each mention, in
 * text order.
 *
 * @param getPicture called only when a model uses the picture
 * @param getKnowledge called only when a model is asked
 * @throws ProblemError when the mner stage fails, or no model of it knows the requested types
 */
export async function findEntities(
  query: EntityQuery,
  run: Run,
  getPicture: () => Promise<PictureRef | null>,
  getKnowledge: () => Promise<string | null> = async () => null,
): Promise<NamedEntity[]> {
  const { mentions, ranBy } = query.mentions
    ? { mentions: query.mentions, ranBy: null }
    : await findMentions(query, run, getPicture, getKnowledge);
  const groups = groupEntities([...mentions].sort((a, b) => a.start - b.start || a.end - b.end));
  const all = groups.map((entity) => withExpression(entity, ranBy));
  const entities = all.slice(0, query.maxEntities);
  if (all.length > entities.length) {
    const detail = `The text names ${all.length} entities; the first ${query.maxEntities} are answered.`;
    const errors = [{ pointer: "/max_entities", detail, limit: query.maxEntities, value: all.length }];
    run.emit({ event: "problem", problem: problemDocument("entities_truncated", detail, { errors }) });
  }
  emitMentions(entities, query, run);
  return entities;
}

/** @param ranBy the model that found the mentions; null when the caller did */
function withExpression(entity: NamedEntity, ranBy: Pick<MnerOutput, "model" | "version"> | null): NamedEntity {
  const expression = entity.mentions.find((mention) => mention.expression)?.expression;
  return expression && ranBy ? { ...entity, expression: { ...expression, ...ranBy } } : entity;
}

function emitMentions(entities: readonly NamedEntity[], { labels, positions }: EntityQuery, run: Run): void {
  const entityMentions = entities.flatMap(({ id, text, type, mentions }) => {
    const entity = { id, text, type, coarse_type: labels === "fine" ? coarseTypeOf(type) : null };
    return mentions.map((mention) => ({ entity, mention }));
  });
  for (const { entity, mention } of entityMentions.sort(
    (a, b) => a.mention.start - b.mention.start || a.mention.end - b.mention.end,
  )) {
    const { text, start, end, score } = mention;
    run.emit({ event: "mention", entity, mention: { text, ...positions.of(start, end), score } });
  }
}

/** The mentions of a text, each a slice of it, in text order, and the model that found them. */
async function findMentions(
  { text, tokens, labels, mentionThreshold }: EntityQuery,
  run: Run,
  getPicture: () => Promise<PictureRef | null>,
  getKnowledge: () => Promise<string | null>,
): Promise<{ mentions: Mention[]; ranBy: Pick<MnerOutput, "model" | "version"> }> {
  const models = modelsFor(labels, run);
  const plain = readable(text, tokens);
  const words = plain.tokens ? { tokens: [...plain.tokens] } : { text: plain.text };
  const seeing = models.some(({ usesPicture }) => usesPicture) ? getPicture() : null;
  const [picture, knowledge] = await Promise.all([seeing, getKnowledge()]);
  const question = { ...words, labels, ...(knowledge !== null && { knowledge }) };
  const output = await run.stages.require("mner", question, picture);
  // In our words: what a model says of a post may quote it.
  if (output.problems.some(({ code }) => code === "script_not_covered")) {
    const detail =
      scriptProblem(plain.text)?.detail ?? "The model does not know the text's script: names may be missed.";
    run.emit({ event: "problem", problem: problemDocument("script_not_covered", detail, { stage: "mner" }) });
  }
  const types = new Set(typesOf(labels));
  const ofTypes = (mentions: readonly Mention[]) =>
    anchorMentions(
      plain.text,
      mentions.filter(({ type }) => types.has(type)),
    );
  const first = ofTypes(output.mentions);
  const threshold = run.stages.fellBack("mner") ? null : run.deployment.mnerCascade;
  const doubtful = threshold === null ? [] : doubtfulSpans(first, output.doubts ?? [], threshold);
  const second = doubtful.length > 0 ? await run.stages.reconsider("mner", question, picture) : null;
  const merged =
    threshold !== null && second ? mergeReconsidered(first, ofTypes(second.mentions), doubtful, threshold) : first;
  const accepted = merged.filter(({ score }) => score === null || score >= mentionThreshold);
  const { model, version } = second ?? output;
  return { mentions: inOriginal(text, plain, accepted), ranBy: { model, version } };
}

/** Mentions of the readable text as mentions of the text as it came: each name by itself, each span once, in order. */
function inOriginal(text: string, plain: Readable, mentions: readonly Mention[]): Mention[] {
  const found = new Map<string, Mention>();
  for (const mention of mentions) {
    const names = nameSpans(plain.text, mention, mention.type);
    const { expression, ...bare } = mention;
    // An expression was written for the whole span: it describes none of several names in it.
    const shared = names.length === 1 && expression ? { expression } : {};
    for (const { start: from, end: to } of names) {
      const { start, end } = plain.spanOf(from, to);
      const key = `${start} ${end}`;
      if (!found.has(key)) found.set(key, { ...bare, ...shared, text: text.slice(start, end), start, end });
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The models that can return these types. Emits a problem for each other model; throws one when there is none. */
function modelsFor(labels: Labels, run: Run): readonly StageModel<"mner">[] {
  const chain = run.stages.chain("mner");
  if (chain.length === 0) {
    throw new ProblemError("stage_failed", "No model is configured that finds mentions: send your own `entities`.", {
      stage: "mner",
    });
  }
  const able = chain.filter(({ covers }) => covers?.(labels) ?? true);
  if (able.length === 0) {
    const detail = `No model of this deployment gives the types of ${labelsName(labels)}.`;
    throw new ProblemError("labels_not_covered", detail, { stage: "mner", errors: [{ pointer: "/labels", detail }] });
  }
  for (const { entry } of chain.filter((model) => !able.includes(model))) {
    const detail = `${entry} was skipped: it cannot give ${labelsName(labels)}.`;
    run.emit({ event: "problem", problem: problemDocument("labels_not_covered", detail, { stage: "mner" }) });
  }
  return able;
}
