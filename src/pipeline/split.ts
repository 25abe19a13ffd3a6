import { STAGES, type StageName } from "../../schemas/stages/index.ts";
import type { StageInput, StageOutput } from "../stages/model.ts";

/** An input or output by the names of its lists. */
type Lists = Record<string, unknown[]>;

/** Joins parts of one input into one input; undefined when there are none. The inverse of `splitInput`. */
export function joinInputs<Name extends StageName>(
  stage: Name,
  parts: readonly Partial<StageInput<Name>>[],
): Partial<StageInput<Name>> | undefined {
  const [first] = parts;
  const list = STAGES[stage].lists?.split;
  if (!first || list === undefined || parts.length === 1) return first;
  return { ...first, [list]: parts.flatMap((part) => (part as Lists)[list] ?? []) };
}

/** The ids of the entities or boxes in an input. */
export function idsIn<Name extends StageName>(stage: Name, part: Partial<StageInput<Name>>): string[] {
  const list = STAGES[stage].lists?.split;
  const items = list === undefined ? [] : ((part as Lists)[list] ?? []);
  return items.map((item) => (item as { readonly id: string }).id);
}

/** Splits an input into parts of at most `batch` entities or boxes. An input without any is one part. */
export function splitInput<Name extends StageName>(
  stage: Name,
  input: Partial<StageInput<Name>>,
  batch: number,
): Array<Partial<StageInput<Name>>> {
  const list = STAGES[stage].lists?.split;
  const items = list === undefined ? [] : ((input as Lists)[list] ?? []);
  if (list === undefined || items.length <= batch) return [input];
  const parts = Math.ceil(items.length / batch);
  return Array.from({ length: parts }, (_, part) => ({
    ...input,
    [list]: items.slice(part * batch, (part + 1) * batch),
  }));
}

/**
 * Joins the outputs for the parts of an input: model and version of the first, results of all. Null without outputs.
 */
export function joinOutputs<Name extends StageName>(
  stage: Name,
  outputs: readonly StageOutput<Name>[],
): StageOutput<Name> | null {
  const [first] = outputs;
  const list = STAGES[stage].lists?.join;
  if (!first || list === undefined || outputs.length === 1) return first ?? null;
  return { ...first, [list]: outputs.flatMap((output) => (output as unknown as Lists)[list] ?? []) };
}
