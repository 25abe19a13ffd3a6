import { type Labels, labelsName, typesOf } from "../../../schemas/labels.ts";
import { PROBLEMS, type Problem, type ProblemCode, ProblemError, problemDocument } from "../../../schemas/problem.ts";
import type { Mention } from "../../../schemas/stages/mner.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { StageRunner } from "../stage-runner.ts";
import { anchorMentions } from "./anchor.ts";
import { groupEntities, type NamedEntity } from "./entities.ts";

export interface MentionQuestion {
  readonly text: string;
  /** Where the post came already split. */
  readonly tokens: readonly string[] | null;
  readonly labels: Labels;
  /** Mentions that score less are dropped. One without a score stays. */
  readonly threshold: number;
}

export interface NamingQuestion extends MentionQuestion {
  /** The caller's own mentions, which stand as they are; null to have them found. */
  readonly mentions: readonly Mention[] | null;
  readonly maxEntities: number;
}

/**
 * The named entities of a text, in the order in which it names them. Throws a `ProblemError` when they cannot be found:
 * without them there is nothing to answer.
 */
export async function findEntities(
  question: NamingQuestion,
  stages: StageRunner,
  look: () => Promise<PictureRef | null>,
): Promise<{ entities: NamedEntity[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const found = question.mentions ? null : await findMentions(question, stages, look);
  problems.push(...(found?.problems ?? []));
  const mentions = question.mentions ?? found?.mentions ?? [];
  const entities = groupEntities([...mentions].sort((a, b) => a.start - b.start || a.end - b.end));
  if (entities.length <= question.maxEntities) return { entities, problems };
  const detail = `The text names ${entities.length} entities; the first ${question.maxEntities} are answered.`;
  const errors = [{ pointer: "/max_entities", detail, limit: question.maxEntities, value: entities.length }];
  problems.push(problemDocument("entities_truncated", detail, { errors }));
  return { entities: entities.slice(0, question.maxEntities), problems };
}

/**
 * The mentions of a text, each a slice of it, in text order. Throws a `ProblemError` when no model finds them, or none
 * knows such types.
 *
 * @param look gets the picture, for models that look at it
 */
export async function findMentions(
  { text, tokens, labels, threshold }: MentionQuestion,
  stages: StageRunner,
  look: () => Promise<PictureRef | null>,
): Promise<{ mentions: Mention[]; problems: Problem[] }> {
  if (!stages.has("mner"))
    throw new ProblemError("stage_failed", "No model is configured that finds mentions: bring `entities`.", {
      stage: "mner",
    });
  const able = stages.covering(labels, labelsName(labels));
  if (able.length === 0) {
    const detail = `No model of this deployment gives the types of ${labelsName(labels)}.`;
    throw new ProblemError("labels_not_covered", detail, { stage: "mner", errors: [{ pointer: "/labels", detail }] });
  }
  const words = tokens ? { tokens: [...tokens] } : { text };
  const picture = able.some(({ looks }) => looks) ? await look() : null;
  const output = await stages.run("mner", { ...words, labels }, picture);
  if (!output) {
    const code = stages.signal.aborted ? "deadline_exceeded" : "stage_failed";
    throw new ProblemError(code, stages.failures.at(-1)?.detail ?? "", { stage: "mner" });
  }
  const problems = output.problems.flatMap(({ code, detail }) =>
    isProblemCode(code) ? problemDocument(code, detail, { stage: "mner" }) : [],
  );
  const types = new Set(typesOf(labels));
  const known = output.mentions.filter(({ type, score }) => types.has(type) && (score === null || score >= threshold));
  return { mentions: anchorMentions(text, known), problems };
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
