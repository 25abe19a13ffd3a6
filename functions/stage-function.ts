import type * as z from "zod/mini";
import { STAGE_NAMES, type STAGES, type StageName } from "../schemas/stages/index.ts";

/** The stages that have an embedded model: all but `caption`. */
export type FunctionStage = Exclude<StageName, "caption">;
export const FUNCTION_STAGES = STAGE_NAMES.filter((name): name is FunctionStage => name !== "caption");

/** What a running prediction may use beside its input. */
export interface RunContext {
  /** Aborted when the caller hangs up or cancels. Work that takes long looks at it between its steps. */
  readonly signal: AbortSignal;
}

/**
 * One model stage: what `functions/server.ts` serves under `/{name}/`. It is ready (weights loaded) once its factory
 * has resolved.
 */
export interface StageFunction<Name extends FunctionStage = FunctionStage> {
  readonly name: Name;
  /** What the whole stage is called in an answer; comes from the weights' manifest. */
  readonly model: string;
  readonly version: string;
  /** The input is already valid. Throws to fail the prediction: an `InputError` when the input is to blame. */
  run(
    input: z.infer<(typeof STAGES)[Name]["input"]>,
    context: RunContext,
  ): Promise<z.infer<(typeof STAGES)[Name]["output"]>>;
}

/**
 * The input passed its schema and still cannot be used (a picture that does not decode). The message begins with the
 * problem's code.
 */
export class InputError extends Error {
  constructor(code: "invalid_picture" | "picture_too_many_pixels" | "picture_unreachable", detail: string) {
    super(`${code}: ${detail}`);
    this.name = "InputError";
  }
}
