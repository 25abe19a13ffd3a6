import type { StageName } from "../../schemas/stages/index.ts";
import type { StageInput, StageOutput } from "../stages/model.ts";

/**
 * Which list of a stage's input is divided when a model takes few at a time, and which of its output is joined again.
 */
const LISTS: { readonly [Name in StageName]?: readonly [input: string, output: string] } = {
  expansion: ["entities", "expressions"],
  entailment: ["entities", "judgements"],
  grounding: ["entities", "groundings"],
  segmentation: ["boxes", "masks"],
};

type Lists = Record<string, unknown[]>;

/** Parts of one input as one again. */
export function joinInputs<Name extends StageName>(
  stage: Name,
  parts: readonly Partial<StageInput<Name>>[],
): Partial<StageInput<Name>> | undefined {
  const [first] = parts;
  const [list] = LISTS[stage] ?? [];
  if (!first || list === undefined || parts.length === 1) return first;
  return { ...first, [list]: parts.flatMap((part) => (part as Lists)[list] ?? []) };
}

/** The input in parts of at most `batch` entities or boxes. An input without any is one part. */
export function splitInput<Name extends StageName>(
  stage: Name,
  input: Partial<StageInput<Name>>,
  batch: number,
): Array<typeof input> {
  const [list] = LISTS[stage] ?? [];
  const items = list === undefined ? [] : ((input as Lists)[list] ?? []);
  if (list === undefined || items.length <= batch) return [input];
  const parts = Math.ceil(items.length / batch);
  return Array.from({ length: parts }, (_, part) => ({
    ...input,
    [list]: items.slice(part * batch, (part + 1) * batch),
  }));
}

/** The answers to the parts as one: its first's model and version, everybody's results. */
export function joinOutputs<Name extends StageName>(
  stage: Name,
  outputs: readonly StageOutput<Name>[],
): StageOutput<Name> | null {
  const [first] = outputs;
  const [, list] = LISTS[stage] ?? [];
  if (!first || list === undefined || outputs.length === 1) return first ?? null;
  return { ...first, [list]: outputs.flatMap((output) => (output as unknown as Lists)[list] ?? []) };
}
