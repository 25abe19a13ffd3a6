import { LIMITS } from "../../../schemas/limits.ts";
import { plainWords } from "../../stages/adapters/plain-words.ts";
import type { CachedExpansion } from "../../storage/expansion-cache.ts";
import type { Expression } from "../events.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "./entities.ts";
import {
  cachedExpressions,
  type ExpansionSubject,
  expansionQuestion,
  keepExpression,
  keepPhrases,
} from "./expression-cache.ts";
import { readable } from "./readable.ts";

type ExpandedEntity = Pick<NamedEntity, "id" | "text" | "type" | "expression">;

/**
 * One referring expression for each entity, by its id, in plain words (`plainWords`), whoever wrote it: an entity has
 * none where that is a link or markup. Entities that came with an expression keep it. For the others the cache is read;
 * one call of the stage makes those that it lacks. An entity that the model leaves out has no expression; when the
 * stage fails, only known ones are returned. Emits an `expression` event for each.
 */
export async function expand(
  entities: readonly ExpandedEntity[],
  subject: ExpansionSubject,
  run: Run,
): Promise<Map<string, Expression>> {
  const expressions = new Map<string, Expression>();
  const add = (entity_id: string, { text, method }: Expression) => {
    const expression = { text, method };
    expressions.set(entity_id, expression);
    run.emit({ event: "expression", entity_id, expression });
  };
  const phrases = entities.flatMap((entity): Array<[ExpandedEntity, CachedExpansion]> => {
    const text = entity.expression && plainWords(entity.expression.text, LIMITS.expressionLength);
    return entity.expression && text ? [[entity, { ...entity.expression, text }]] : [];
  });
  for (const [{ id }, phrase] of phrases) add(id, phrase);
  keepPhrases(phrases, subject, run);
  const unexpanded = entities.filter(({ id }) => !expressions.has(id));
  if (unexpanded.length === 0) return expressions;

  const { clock } = run.deployment;
  const started = clock();
  const cached = await cachedExpressions(unexpanded, subject, run);
  const missing = unexpanded.filter((_, index) => !cached[index]);
  unexpanded.forEach(({ id }, index) => {
    const expression = cached[index];
    if (expression) add(id, expression);
  });
  const [first] = cached;
  if (missing.length === 0 && first) run.stages.answeredFromCache("expansion", { ...first, ms: clock() - started });
  if (missing.length === 0) return expressions;

  const background = subject.caption === null ? {} : { caption: subject.caption };
  const uncached = missing.map(({ id, text, type }) => ({ id, text, type }));
  const output = await run.stages.run("expansion", {
    text: readable(subject.text, null).text,
    ...background,
    entities: uncached,
  });
  for (const { id, text, method } of output?.expressions ?? []) {
    const entity = missing.find((candidate) => candidate.id === id);
    const plain = plainWords(text, LIMITS.expressionLength);
    if (!output || !entity || plain === null || expressions.has(id)) continue;
    add(id, { text: plain, method });
    // A fallback's expression is not cached: it would still be used when the first model works again.
    if (run.stages.fellBack("expansion")) continue;
    const made = { text: plain, method, model: output.model, version: output.version };
    keepExpression(expansionQuestion(entity, subject, run), made, run);
  }
  return expressions;
}
