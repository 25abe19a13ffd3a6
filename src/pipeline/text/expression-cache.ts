import { LIMITS } from "../../../schemas/limits.ts";
import { describeError } from "../../observe/log.ts";
import { plainWords } from "../../stages/adapters/plain-words.ts";
import type { CachedExpansion, ExpansionQuestion } from "../../storage/expansion-cache.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "./entities.ts";

/** What an expression is made from, besides the entity itself. */
export interface ExpansionSubject extends Pick<ExpansionQuestion, "text" | "picture" | "background"> {
  /** A description of the picture; null when there is none. */
  readonly caption: string | null;
}

type Named = Pick<NamedEntity, "text" | "type">;

/** The question whose answer the first model of the expansion stage gives. */
export function expansionQuestion(
  { text: entity, type }: Named,
  subject: ExpansionSubject,
  run: Run,
): ExpansionQuestion {
  const [model] = run.stages.chain("expansion");
  const { text, picture, background } = subject;
  return {
    model: model?.entry ?? "",
    promptVersion: model?.promptVersion ?? "",
    entity,
    type,
    text,
    picture,
    background,
  };
}

/**
 * The question whose answer the first model of mner gives together with the name; null when it gives none. Such a
 * phrase comes from the text, and from the picture where the model sees it, but from no caption.
 */
function phraseQuestion({ text: entity, type }: Named, { text, picture }: ExpansionSubject, run: Run) {
  const [model] = run.stages.chain("mner");
  if (!model?.expresses) return null;
  const { entry, promptVersion, usesPicture } = model;
  return { model: entry, promptVersion, entity, type, text, picture: usesPicture ? picture : null, background: null };
}

/**
 * The cached expression of each entity, whichever model wrote it; null for a miss. A cache that cannot be read, or not
 * in time, counts as empty, as does an entry that is not in plain words.
 */
export async function cachedExpressions(
  entities: readonly Named[],
  subject: ExpansionSubject,
  run: Run,
): Promise<Array<CachedExpansion | null>> {
  const questions = entities.map((entity) => [
    expansionQuestion(entity, subject, run),
    ...[phraseQuestion(entity, subject, run)].filter((question) => question !== null),
  ]);
  const cached = await read(questions.flat(), run);
  const answers = questions.map((some) => cached.splice(0, some.length));
  return answers.map((some) => some.find((one) => one !== null) ?? null);
}

/** Keeps the answer to a question, behind the request's own answer. */
export function keepExpression(question: ExpansionQuestion, expression: CachedExpansion, run: Run): void {
  if (run.store) run.waitUntil(write(question, expression, run));
}

/**
 * Keeps phrases that mner's first model gave together with their names, behind the request's own answer: those that the
 * cache lacks, because mner is asked for every post and would write them again each time.
 */
export function keepPhrases(
  phrases: ReadonlyArray<readonly [Named, CachedExpansion]>,
  subject: ExpansionSubject,
  run: Run,
): void {
  // A fallback's phrase is not cached: it would still be used when the first model works again.
  if (!run.store || run.stages.fellBack("mner")) return;
  const asked = phrases.flatMap(([entity, phrase]) => {
    const question = phraseQuestion(entity, subject, run);
    return question ? [{ question, phrase }] : [];
  });
  if (asked.length === 0) return;
  const keeping = read(
    asked.map(({ question }) => question),
    run,
    null,
  ).then((cached) =>
    Promise.all(asked.map(({ question, phrase }, index) => cached[index] ?? write(question, phrase, run))),
  );
  run.waitUntil(keeping);
}

/** @param signal ends the reading; null where it goes on behind the answer */
async function read(
  questions: readonly ExpansionQuestion[],
  run: Run,
  signal: AbortSignal | null = run.signal,
): Promise<Array<CachedExpansion | null>> {
  if (!run.store) return questions.map(() => null);
  const { expansions, log } = run.deployment;
  try {
    const cached = await run.atStore(() => expansions.get(questions), signal ?? undefined);
    return cached.map((one) => {
      const text = one && plainWords(one.text, LIMITS.expressionLength);
      return one && text ? { ...one, text } : null;
    });
  } catch (error) {
    log({ event: "expansion_cache_unreadable", ...describeError(error) });
    return questions.map(() => null);
  }
}

async function write(question: ExpansionQuestion, expression: CachedExpansion, run: Run): Promise<void> {
  const { expansions, log } = run.deployment;
  try {
    await run.atStore(() => expansions.put(question, expression));
  } catch (error) {
    log({ event: "expansion_cache_unwritable", ...describeError(error) });
  }
}
