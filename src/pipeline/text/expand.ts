import { LIMITS } from "../../../schemas/limits.ts";
import type { Limiter } from "../../net/connections.ts";
import { describeError, type Log } from "../../observe/log.ts";
import type { StageModel } from "../../stages/model.ts";
import type { CachedExpansion, ExpansionCache, ExpansionQuestion } from "../../storage/expansion-cache.ts";
import type { StageRunner } from "../stage-runner.ts";
import type { NamedEntity } from "./entities.ts";

/** What a model should look for in the picture, in words. */
export type Expression = Pick<CachedExpansion, "text" | "method">;

export interface ExpansionTools {
  /** Null for a post of which nothing may stay. */
  readonly cache: ExpansionCache | null;
  readonly chain: readonly StageModel<"expansion">[];
  readonly limit: Limiter;
  readonly clock: () => number;
  readonly log: Log;
  /** Work that need not be done before the answer. */
  readonly later: (work: Promise<unknown>) => void;
}

/**
 * One referring expression for each entity, by its id: from the cache, and all that it lacks in one call (RiVEG makes
 * one a mention). An entity that the model leaves out, or every one when the stage is down, has none.
 *
 * @param subject the post's text, what its picture shows in words, where those come from, and its picture's SHA-256
 */
export async function expand(
  entities: readonly Pick<NamedEntity, "id" | "text" | "type">[],
  subject: Pick<ExpansionQuestion, "text" | "picture" | "background"> & { readonly caption: string | null },
  stages: StageRunner,
  tools: ExpansionTools,
): Promise<Map<string, Expression>> {
  const expressions = new Map<string, Expression>();
  const [model] = tools.chain;
  if (entities.length === 0) return expressions;
  const ask = (entity: Pick<NamedEntity, "text" | "type">): ExpansionQuestion => ({
    model: model?.entry ?? "",
    promptVersion: model?.promptVersion ?? "",
    entity: entity.text,
    type: entity.type,
    text: subject.text,
    picture: subject.picture,
    background: subject.background,
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

  const background = subject.caption === null ? {} : { caption: subject.caption };
  const asked = missing.map(({ id, text, type }) => ({ id, text, type }));
  const output = await stages.run("expansion", { text: subject.text, ...background, entities: asked });
  for (const { id, text, method } of output?.expressions ?? []) {
    const entity = missing.find((candidate) => candidate.id === id);
    const cut = text.trim().slice(0, LIMITS.expressionLength);
    if (!output || !entity || cut === "" || expressions.has(id)) continue;
    expressions.set(id, { text: cut, method });
    // What stood in while the first model was down is not to stay when it is up again.
    if (!stages.fellBack("expansion"))
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
    return cache ? await limit(() => cache.get(questions)) : questions.map(() => null);
  } catch (error) {
    log({ event: "expansion_cache_unreadable", ...describeError(error) });
    return questions.map(() => null);
  }
}

async function remember(
  question: ExpansionQuestion,
  expansion: CachedExpansion,
  { cache, limit, log }: ExpansionTools,
): Promise<void> {
  if (!cache) return;
  try {
    await limit(() => cache.put(question, expansion));
  } catch (error) {
    log({ event: "expansion_cache_unwritable", ...describeError(error) });
  }
}
