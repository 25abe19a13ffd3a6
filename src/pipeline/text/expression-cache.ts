import { LIMITS } from "../../../schemas/limits.ts";
import { plainWords } from "../../stages/adapters/plain-words.ts";
import { type CachedExpansion, type ExpansionQuestion, expansionKey } from "../../storage/expansion-cache.ts";
import { cacheName } from "../../storage/leftovers.ts";
import { readCache, writeCache } from "../cache-call.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "./entities.ts";

/** What an expression is made from, besides the entity itself. */
export interface ExpansionSubject extends Pick<ExpansionQuestion, "text" | "picture" | "background"> {
  /** A description of the picture; null when there is none. */
  readonly caption: string | null;
}

type Named = Pick<NamedEntity, "text" | "type">;

/** The question whose answer the first model of the expansion stage gives. */
function expansionQuestion({ text: entity, type }: Named, subject: ExpansionSubject, run: Run): ExpansionQuestion {
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
 * phrase comes from the text, from the picture where the model sees it, and from knowledge where a model gives that.
 */
function phraseQuestion(
  { text: entity, type }: Named,
  { text, picture }: ExpansionSubject,
  run: Run,
): ExpansionQuestion | null {
  const [model] = run.stages.chain("mner");
  if (!model?.expresses) return null;
  const { entry, promptVersion, usesPicture } = model;
  // A model's knowledge differs from call to call, as captions do.
  const background = run.stages.chain("knowledge")[0]?.entry ?? null;
  // Knowledge is written from the picture's caption.
  const seen = usesPicture || background !== null ? picture : null;
  return { model: entry, promptVersion, entity, type, text, picture: seen, background };
}

/** The cached expression of each entity, whichever model wrote it; null for a miss. */
export async function cachedExpressions(
  entities: readonly Named[],
  subject: ExpansionSubject,
  run: Run,
): Promise<Array<CachedExpansion | null>> {
  const questions = entities.map((entity) =>
    [expansionQuestion(entity, subject, run), phraseQuestion(entity, subject, run)].filter((one) => one !== null),
  );
  const cached = await read(questions.flat(), run);
  return questions.map((some) => cached.splice(0, some.length).find((one) => one !== null) ?? null);
}

/** Entities of which the stage is asked now, and those for which another request is asking. */
export interface Flights<Entity> {
  readonly own: ReadonlyArray<{
    readonly entity: Entity;
    /** Must be called: with the expression, which is then kept for others, or with null when there is none for them. */
    readonly land: (made: CachedExpansion | null) => void;
  }>;
  readonly others: ReadonlyArray<{ readonly entity: Entity; readonly answer: Promise<CachedExpansion | null> }>;
}

/**
 * Parts the entities into those that this request has to ask about and those about which another request of the isolate
 * is asking at this moment. A post that may not be stored neither waits for others nor answers them.
 *
 * @param joins whether to wait for others; otherwise all are this request's own
 */
export async function openFlights<Entity extends Named>(
  entities: readonly Entity[],
  subject: ExpansionSubject,
  joins: boolean,
  run: Run,
): Promise<Flights<Entity>> {
  if (!run.store) return { own: entities.map((entity) => ({ entity, land: () => undefined })), others: [] };
  const { flights } = run.deployment.expansions;
  const questions = entities.map((entity) => expansionQuestion(entity, subject, run));
  const keys = await Promise.all(questions.map(expansionKey));
  // Nothing is awaited from here on, so that two requests cannot both find that nobody asks.
  const own: Array<Flights<Entity>["own"][number]> = [];
  const others: Array<Flights<Entity>["others"][number]> = [];
  entities.forEach((entity, index) => {
    const key = keys[index];
    if (key === undefined) return;
    const answer = joins ? flights.join(key, run.signal) : null;
    if (answer) {
      others.push({ entity, answer: answer.then(inPlainWords, () => null) });
      return;
    }
    const landed = flights.lead(key);
    const land = (made: CachedExpansion | null) => {
      landed(made);
      if (made) run.waitUntil(write(key, made, run));
    };
    own.push({ entity, land });
  });
  return { own, others };
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
  const questions = asked.map(({ question }) => question);
  const keep = async () => {
    const keys = await Promise.all(questions.map(expansionKey));
    // Before the cache is read, so that they are known when the answer is sent.
    for (const key of keys) run.left.add(cacheName(key));
    const cached = await read(questions, run, null);
    await Promise.all(asked.map(({ phrase }, index) => cached[index] ?? write(keys[index] ?? "", phrase, run)));
  };
  run.waitUntil(keep());
}

/** @param signal ends the reading; null where it goes on behind the answer */
async function read(
  questions: readonly ExpansionQuestion[],
  run: Run,
  signal: AbortSignal | null = run.signal,
): Promise<Array<CachedExpansion | null>> {
  const empty = questions.map(() => null);
  const cached = await readCache("expansion", () => run.deployment.expansions.get(questions), empty, run, { signal });
  return cached.map(inPlainWords);
}

/** What is not in plain words is no expression, whoever kept it. */
export function inPlainWords(expansion: CachedExpansion | null): CachedExpansion | null {
  const text = expansion && plainWords(expansion.text, LIMITS.expressionLength);
  return expansion && text ? { ...expansion, text } : null;
}

function write(key: string, expansion: CachedExpansion, run: Run): Promise<void> {
  return writeCache("expansion", key, () => run.deployment.expansions.put(key, expansion), run);
}
