import { LIMITS } from "../../../schemas/limits.ts";
import { describeError } from "../../observe/log.ts";
import { plainWords } from "../../stages/adapters/plain-words.ts";
import type { StageOutput } from "../../stages/model.ts";
import type { CachedExpansion, ExpansionQuestion } from "../../storage/expansion-cache.ts";
import type { Expression } from "../events.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "./entities.ts";
import { readable } from "./readable.ts";

type ExpandedEntity = Pick<NamedEntity, "id" | "text" | "type">;

/** What an expression is made from, besides the entity itself. */
export interface ExpansionSubject extends Pick<ExpansionQuestion, "text" | "picture" | "background"> {
  /** A description of the picture; null when there is none. */
  readonly caption: string | null;
}

/**
 * One referring expression for each entity, by its id, in plain words (`plainWords`), whoever wrote it: an entity has
 * none where that is a link or markup. The cache is read first; one call of the stage makes those that
 * it lacks. An entity that the model leaves out has no expression; when the stage fails, only cached ones are returned.
 * Emits an `expression` event for each.
 *
 * @param settled called with entities as soon as their expression is known, or it is known that they have none
 */
export async function expand(
  entities: readonly ExpandedEntity[],
  subject: ExpansionSubject,
  run: Run,
  settled: (entities: readonly ExpandedEntity[], expressions: ReadonlyMap<string, Expression>) => void = () =>
    undefined,
): Promise<Map<string, Expression>> {
  const expressions = new Map<string, Expression>();
  if (entities.length === 0) return expressions;
  const add = (entity_id: string, expression: Expression) => {
    expressions.set(entity_id, expression);
    run.emit({ event: "expression", entity_id, expression });
  };
  const { clock } = run.deployment;

  const started = clock();
  const cached = await readCache(
    entities.map((entity) => cacheQuestion(entity, subject, run)),
    run,
  );
  const missing = entities.filter((_, index) => !cached[index]);
  entities.forEach(({ id }, index) => {
    const expression = cached[index];
    if (expression) add(id, { text: expression.text, method: expression.method });
  });
  const [first] = cached;
  settled(
    entities.filter((_, index) => cached[index]),
    expressions,
  );
  if (missing.length === 0 && first) run.stages.answeredFromCache("expansion", { ...first, ms: clock() - started });
  if (missing.length === 0) return expressions;

  const open = new Map(missing.map((entity) => [entity.id, entity]));
  const take = ({ expressions: made, model, version }: StageOutput<"expansion">) => {
    const answered = made.flatMap(({ id, text, method }) => {
      const entity = open.get(id);
      const plain = plainWords(text, LIMITS.expressionLength);
      if (!entity || plain === null) return [];
      open.delete(id);
      add(id, { text: plain, method });
      return [{ entity, made: { text: plain, method, model, version } }];
    });
    settled(
      answered.map(({ entity }) => entity),
      expressions,
    );
    return answered;
  };
  const taken: ReturnType<typeof take> = [];
  const background = subject.caption === null ? {} : { caption: subject.caption };
  const question = { text: readable(subject.text, null).text, ...background, entities: missing.map(named) };
  await run.stages.run("expansion", question, null, (output) => taken.push(...take(output)));
  settled([...open.values()], expressions);
  // A fallback's expression is not cached: it would still be used when the first model works again.
  if (run.stages.fellBack("expansion")) return expressions;
  for (const { entity, made } of taken) {
    run.waitUntil(writeCache(cacheQuestion(entity, subject, run), made, run));
  }
  return expressions;
}

/** An entity as the stage is asked about it. */
function named({ id, text, type }: ExpandedEntity): ExpandedEntity {
  return { id, text, type };
}

function cacheQuestion({ text: entity, type }: ExpandedEntity, subject: ExpansionSubject, run: Run): ExpansionQuestion {
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

/** A cache that cannot be read, or not in time, counts as empty, as does an entry that is not in plain words. */
async function readCache(questions: readonly ExpansionQuestion[], run: Run): Promise<Array<CachedExpansion | null>> {
  if (!run.store) return questions.map(() => null);
  const { expansions, log } = run.deployment;
  try {
    const cached = await run.atStore(() => expansions.get(questions), run.signal);
    return cached.map((one) => {
      const text = one && plainWords(one.text, LIMITS.expressionLength);
      return one && text ? { ...one, text } : null;
    });
  } catch (error) {
    log({ event: "expansion_cache_unreadable", ...describeError(error) });
    return questions.map(() => null);
  }
}

async function writeCache(question: ExpansionQuestion, expansion: CachedExpansion, run: Run): Promise<void> {
  if (!run.store) return;
  const { expansions, log } = run.deployment;
  try {
    await run.atStore(() => expansions.put(question, expansion));
  } catch (error) {
    log({ event: "expansion_cache_unwritable", ...describeError(error) });
  }
}
