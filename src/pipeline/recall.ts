import { STAGES, type StageName } from "../../schemas/stages/index.ts";
import type { StageInput, StageOutput } from "../stages/model.ts";
import type { EndedCall } from "./checkpoints.ts";
import { idsIn } from "./split.ts";

type Fields = Record<string, unknown>;
type Item = { readonly id: string };

/** What was asked beside the entities or boxes and the picture, as JSON with its fields in one order. */
export function questionOf<Name extends StageName>(stage: Name, part: Partial<StageInput<Name>>): string {
  const { image: _, size: _size, picture: _picture, ...fields } = part as Fields;
  const list = STAGES[stage].lists?.split;
  const names = Object.keys(fields).filter((name) => name !== list && fields[name] !== undefined);
  return JSON.stringify(names.sort().map((name) => [name, fields[name]]));
}

/** What earlier processes of a run have answered of a question, and what remains of it. */
export interface Recalled<Name extends StageName> {
  readonly outputs: readonly StageOutput<Name>[];
  /** Null when nothing remains. */
  readonly remaining: Partial<StageInput<Name>> | null;
}

/**
 * Looks for the answers to a question among the calls of earlier processes. An entity or a box was answered by the
 * first call that it was in; a stage without either by the first call with the same question.
 *
 * @param entries of the models that may have answered
 */
export function recall<Name extends StageName>(
  stage: Name,
  question: Partial<StageInput<Name>>,
  entries: ReadonlySet<string>,
  ended: readonly EndedCall[],
): Recalled<Name> {
  const asked = questionOf(stage, question);
  const calls = ended.filter(
    (call) => call.stage === stage && call.output !== null && entries.has(call.entry) && call.question === asked,
  );
  const { split, join } = STAGES[stage].lists ?? {};
  const open = new Set(idsIn(stage, question));
  if (!split || !join || open.size === 0) {
    const first = calls.find(({ ids }) => ids.length === 0);
    return first
      ? { outputs: [first.output as StageOutput<Name>], remaining: null }
      : { outputs: [], remaining: question };
  }
  const outputs: StageOutput<Name>[] = [];
  for (const { ids, output } of calls) {
    const taken = new Set(ids.filter((id) => open.delete(id)));
    if (taken.size === 0) continue;
    const items = ((output as unknown as Fields)[join] as Item[]).filter(({ id }) => taken.has(id));
    outputs.push({ ...(output as StageOutput<Name>), [join]: items });
  }
  const items = ((question as Fields)[split] as Item[]).filter(({ id }) => open.has(id));
  return { outputs, remaining: items.length === 0 ? null : { ...question, [split]: items } };
}
