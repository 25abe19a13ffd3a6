import type * as z from "zod/mini";
import { STAGE_NAMES, STAGES, type StageName } from "../schemas/stages/index.ts";
import type { Turn } from "./queue.ts";

/** The stages that have an embedded model. */
export type FunctionStage = {
  [Name in StageName]: (typeof STAGES)[Name]["embedded"] extends true ? Name : never;
}[StageName];
export const FUNCTION_STAGES = STAGE_NAMES.filter((name): name is FunctionStage => STAGES[name].embedded);

/** What a stage gets beside its input: its turn in the stage's queue, and the signal. */
export interface RunContext extends Turn {
  /** Aborts when the caller disconnects or cancels. `pause` checks it too. */
  readonly signal: AbortSignal;
}

/** One model stage, which `functions/server.ts` serves under `/{name}/`. Its weights are loaded before it exists. */
export interface StageFunction<Name extends FunctionStage = FunctionStage> {
  readonly name: Name;
  /** The stage's model as answers name it; from the weights' manifest. */
  readonly model: string;
  readonly version: string;
  /** `input` is valid. Throws to fail the prediction; an `InputError` says that the input is the cause. */
  run(
    input: z.infer<(typeof STAGES)[Name]["input"]>,
    context: RunContext,
  ): Promise<z.infer<(typeof STAGES)[Name]["output"]>>;
}

/**
 * The input is valid by its schema and still cannot be used, such as a picture that does not decode. The message begins
 * with the problem's code.
 */
export class InputError extends Error {
  constructor(code: "invalid_picture" | "picture_too_many_pixels" | "picture_unreachable", detail: string) {
    super(`${code}: ${detail}`);
    this.name = "InputError";
  }
}
