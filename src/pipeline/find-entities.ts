import { PROBLEMS, type Problem, type ProblemCode, ProblemError, problemDocument } from "../../schemas/problem.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import { anchorMentions } from "./anchor.ts";
import { groupEntities, type NamedEntity } from "./entities.ts";
import type { StageRunner } from "./run-stage.ts";

export interface NamingQuestion {
  readonly text: string;
  /** The caller's own mentions, which stand as they are; null to have them found. */
  readonly mentions: readonly Mention[] | null;
  readonly maxEntities: number;
  /** Mentions that score less are dropped. One without a score stays. */
  readonly mentionThreshold: number;
}

/**
 * The named entities of a text, in the order in which it names them. Throws a `ProblemError` when they cannot be found: without them
 * there is nothing to answer.
 */
export async function findEntities(
  question: NamingQuestion,
  stages: StageRunner,
): Promise<{ entities: NamedEntity[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const mentions = question.mentions ?? (await findMentions(question, stages, problems));
  const entities = groupEntities([...mentions].sort((a, b) => a.start - b.start || a.end - b.end));
  if (entities.length <= question.maxEntities) return { entities, problems };
  const detail = `The text names ${entities.length} entities; the first ${question.maxEntities} are answered.`;
  const errors = [{ pointer: "/max_entities", detail, limit: question.maxEntities, value: entities.length }];
  problems.push(problemDocument("entities_truncated", detail, { errors }));
  return { entities: entities.slice(0, question.maxEntities), problems };
}

async function findMentions({ text, mentionThreshold }: NamingQuestion, stages: StageRunner, problems: Problem[]): Promise<Mention[]> {
  const output = await stages.run("mner", { text, labels: "gmner" });
  if (!output) {
    const code = stages.signal.aborted ? "deadline_exceeded" : "stage_failed";
    throw new ProblemError(code, stages.failures.at(-1)?.detail ?? "", { stage: "mner" });
  }
  for (const { code, detail } of output.problems) {
    if (isProblemCode(code)) problems.push(problemDocument(code, detail, { stage: "mner" }));
  }
  return anchorMentions(text, output.mentions).filter(({ score }) => score === null || score >= mentionThreshold);
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
