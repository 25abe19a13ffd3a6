import { LIMITS } from "../../schemas/limits.ts";
import type { Limiter } from "../net/connections.ts";
import { describeError, type Log } from "../observe/log.ts";
import type { StageModel } from "../stages/stage-model.ts";
import type { CachedExpansion, ExpansionCache, ExpansionQuestion } from "../storage/expansion-cache.ts";
import type { NamedEntity } from "./entities.ts";
import type { StageRunner } from "./run-stage.ts";

/** What a model should look for in the picture, in words. */
export type Expression = Pick<CachedExpansion, "text" | "method">;

export interface ExpansionTools {
  readonly cache: ExpansionCache;
  readonly chain: readonly StageModel<"expansion">[];
  readonly limit: Limiter;
  readonly clock: () => number;
  readonly log: Log;
  /** Work that need not be done before the answer. */
  readonly later: (work: Promise<unknown>) => void;
}

/**
 * One referring expression for each entity, by its id: from the cache, and all that it lacks in one call (RiVEG makes one a mention).
 * An entity that the model leaves out, or every one when the stage is down, has none.
 *
 * @param post its text, and the SHA-256 of its picture or null
 */
export async function expand(
  entities: readonly NamedEntity[],
  post: Pick<ExpansionQuestion, "text" | "picture">,
  stages: StageRunner,
  tools: ExpansionTools,
): Promise<Map<string, Expression>> {
  const expressions = new Map<string, Expression>();
  const [model] = tools.chain;
  if (entities.length === 0) return expressions;
  const ask = (entity: NamedEntity): ExpansionQuestion => ({
    model: model?.entry ?? "",
    promptVersion: model?.promptVersion ?? "",
    entity: entity.text,
    type: entity.type,
    ...post,
  });

  const started = tools.clock();
  const cached = await recall(entities.map(ask), tools);
  const missing = entities.filter((entity, index) => {
    const found = cached[index];
    if (found) expressions.set(entity.id, { text: found.text, method: found.method });
    return !found;
  });
  const [first] = cached;
  if (missing.length === 0 && first) stages.answeredFromCache("expansion", { ...first, ms: tools.clock() - started });
  if (missing.length === 0) return expressions;

  const input = { text: post.text, entities: missing.map(({ id, text, type }) => ({ id, text, type })) };
  const output = await stages.run("expansion", input);
  for (const { id, text, method } of output?.expressions ?? []) {
    const entity = missing.find((candidate) => candidate.id === id);
    const cut = text.trim().slice(0, LIMITS.expressionLength);
    if (!output || !entity || cut === "" || expressions.has(id)) continue;
    expressions.set(id, { text: cut, method });
    tools.later(remember(ask(entity), { text: cut, method, model: output.model, version: output.version }, tools));
  }
  return expressions;
}

/** A cache that is down is a cache that has nothing. */
async function recall(
  questions: readonly ExpansionQuestion[],
  { cache, limit, log }: ExpansionTools,
): Promise<Array<CachedExpansion | null>> {
  try {
    return await limit(() => cache.get(questions));
  } catch (error) {
    log({ event: "expansion_cache_unreadable", ...describeError(error) });
    return questions.map(() => null);
  }
}

async function remember(question: ExpansionQuestion, expansion: CachedExpansion, { cache, limit, log }: ExpansionTools): Promise<void> {
  try {
    await limit(() => cache.put(question, expansion));
  } catch (error) {
    log({ event: "expansion_cache_unwritable", ...describeError(error) });
  }
}
