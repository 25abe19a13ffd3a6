import type { StageOutput } from "../../stages/model.ts";
import type { CachedExpansion } from "../../storage/expansion-cache.ts";
import type { Expression } from "../events.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "./entities.ts";
import {
  cachedExpressions,
  type ExpansionSubject,
  type Flights,
  inPlainWords,
  keepPhrases,
  openFlights,
} from "./expression-cache.ts";
import { readable } from "./readable.ts";

type ExpandedEntity = Pick<NamedEntity, "id" | "text" | "type" | "expression">;
type Own = Flights<ExpandedEntity>["own"];

/**
 * One referring expression for each entity, by its id, in plain words (`plainWords`), whoever wrote it: an entity has
 * none where that is a link or markup. Entities that came with an expression keep it. Then the cache is read, and other
 * requests that are asking for the same expression are waited for; one call of the stage makes those that are left. An
 * entity that the model leaves out has no expression; when the stage fails, only known ones are returned. Emits an
 * `expression` event for each.
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
  const addAll = (found: ReadonlyArray<readonly [ExpandedEntity, CachedExpansion]>) => {
    for (const [{ id }, { text, method }] of found) {
      expressions.set(id, { text, method });
      run.emit({ event: "expression", entity_id: id, expression: { text, method } });
    }
    const known = found.map(([entity]) => entity);
    if (known.length > 0) settled(known, expressions);
  };
  const without = (some: readonly ExpandedEntity[]) => some.filter(({ id }) => !expressions.has(id));
  const { clock } = run.deployment;

  const phrases = entities.flatMap((entity) => pairOf(entity, inPlainWords(entity.expression ?? null)));
  addAll(phrases);
  keepPhrases(phrases, subject, run);
  const unexpanded = without(entities);
  if (unexpanded.length === 0) return expressions;

  const started = clock();
  const cached = await cachedExpressions(unexpanded, subject, run);
  addAll(unexpanded.flatMap((entity, index) => pairOf(entity, cached[index] ?? null)));

  const ask = async (own: Own) => {
    await askStage(own, subject, run, addAll);
    const left = without(own.map(({ entity }) => entity));
    if (left.length > 0) settled(left, expressions);
  };
  const { own, others } = await openFlights(without(unexpanded), subject, true, run);
  const joined: CachedExpansion[] = [];
  const joining = others.map(async ({ entity, answer }) => {
    const expression = await answer;
    addAll(pairOf(entity, expression));
    if (expression) joined.push(expression);
  });
  await Promise.all([ask(own), ...joining]);
  const unanswered = without(others.map(({ entity }) => entity));
  const again = unanswered.length > 0 ? (await openFlights(unanswered, subject, false, run)).own : [];
  await ask(again);

  const first = cached.find((one) => one !== null) ?? joined[0];
  if (own.length + again.length === 0 && first) {
    run.stages.answeredFromCache("expansion", { ...first, ms: clock() - started });
  }
  return expressions;
}

/** Asks the stage about these entities in one call, and hands out each expression as soon as it is there. */
async function askStage(
  own: Own,
  subject: ExpansionSubject,
  run: Run,
  addAll: (found: ReadonlyArray<readonly [ExpandedEntity, CachedExpansion]>) => void,
): Promise<void> {
  if (own.length === 0) return;
  const made = new Map<string, CachedExpansion>();
  const take = ({ expressions, model, version }: StageOutput<"expansion">) => {
    const answered = expressions.flatMap(({ id, text, method }) => {
      const asked = own.find(({ entity }) => entity.id === id);
      const expression = inPlainWords({ text, method, model, version });
      if (!asked || !expression || made.has(id)) return [];
      made.set(id, expression);
      return pairOf(asked.entity, expression);
    });
    addAll(answered);
  };
  const background = subject.caption === null ? {} : { caption: subject.caption };
  const asked = own.map(({ entity: { id, text, type } }) => ({ id, text, type }));
  const question = { text: readable(subject.text, null).text, ...background, entities: asked };
  let isForOthers = false;
  try {
    await run.stages.run("expansion", question, null, take);
    // A fallback's expression is not kept for others: it would still be used when the first model works again.
    isForOthers = !run.stages.fellBack("expansion");
  } finally {
    for (const { entity, land } of own) land(isForOthers ? (made.get(entity.id) ?? null) : null);
  }
}

function pairOf(
  entity: ExpandedEntity,
  expression: CachedExpansion | null,
): Array<readonly [ExpandedEntity, CachedExpansion]> {
  return expression ? [[entity, expression]] : [];
}
