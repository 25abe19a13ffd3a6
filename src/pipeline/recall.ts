import { STAGES, type StageName } from "../../schemas/stages/index.ts";
import { StageError, type StageErrorCode, type StageInput, type StageOutput } from "../stages/model.ts";
import type { EndedCall, FinalFailure } from "./checkpoints.ts";
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
  return { outputs, remaining: open.size === 0 ? null : partOf(question, split, open) };
}

/** Ends of a call that say nothing about another one: its time was over, or nobody waited for it any more. */
const STOPPED: ReadonlySet<StageErrorCode> = new Set(["canceled", "timeout"]);

/** The failure of an attempt after which its model is not asked the same again; null where it may be. */
export function finalFailure({ code, detail, retryable, changes }: StageError): FinalFailure | null {
  return retryable || changes !== null || STOPPED.has(code) ? null : { code, detail };
}

/** What a model has failed at for good in earlier processes, and what remains to ask it. */
export interface RecalledFailures<Name extends StageName> {
  readonly failed: ReadonlyArray<{ readonly part: Partial<StageInput<Name>>; readonly error: StageError }>;
  /** Null when nothing remains. */
  readonly remaining: Partial<StageInput<Name>> | null;
}

/** Looks for what a model has failed at for good among the calls of earlier processes, by entity or box. */
export function recallFailures<Name extends StageName>(
  stage: Name,
  question: Partial<StageInput<Name>>,
  entry: string,
  ended: readonly EndedCall[],
): RecalledFailures<Name> {
  const asked = questionOf(stage, question);
  const calls = ended.filter((call) => call.stage === stage && call.entry === entry && call.question === asked);
  const split = STAGES[stage].lists?.split;
  const open = new Set(idsIn(stage, question));
  const failed: Array<RecalledFailures<Name>["failed"][number]> = [];
  for (const { ids, failure } of calls) {
    if (!failure) continue;
    const error = new StageError(failure.code, failure.detail);
    if (!split || open.size === 0) {
      if (ids.length === 0 && failed.length === 0) return { failed: [{ part: question, error }], remaining: null };
      continue;
    }
    const taken = new Set(ids.filter((id) => open.delete(id)));
    if (taken.size > 0) failed.push({ part: partOf(question, split, taken), error });
  }
  if (failed.length === 0) return { failed, remaining: question };
  return { failed, remaining: open.size === 0 ? null : partOf(question, split ?? "", open) };
}

/** A question about some of its entities or boxes. */
function partOf<Question>(question: Question, split: string, ids: ReadonlySet<string>): Question {
  const items = ((question as Fields)[split] as Item[]).filter(({ id }) => ids.has(id));
  return { ...question, [split]: items };
}
