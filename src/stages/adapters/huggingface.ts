import type { StageName } from "../../../schemas/stages/index.ts";
import { callClient, type HuggingFaceAddress, postJson, type UseClient } from "../../providers/huggingface.ts";
import type { ModelAddress, StageInput, StageModel } from "../model.ts";
import { type Calibration, type ModelCard, readOutput, type StageAdapter } from "../stage-adapter.ts";
import type { ResultOf } from "./replicate.ts";

/** What a model file says of a task at Hugging Face. */
export interface HuggingFaceModelFile<Name extends StageName> {
  readonly stage: Name;
  readonly promptVersion: string;
  readonly batch: number;
  readonly card: Omit<ModelCard, "batch" | "picture">;
  ask(input: StageInput<Name>, host: Host): Promise<ResultOf<Name>>;
  readonly more?: Pick<StageModel<Name>, "covers" | "looks">;
}

/** One request to a model's host. */
export interface Host {
  readonly model: string;
  /** Constants for this entry and prompt version. */
  readonly fitted: Calibration | undefined;
  /** By a task method of the official client. Throws a `StageError`. */
  call<T>(use: UseClient<T>): Promise<T>;
  /** A body of our own, for tasks that the client has no usable method for. Throws a `StageError`. */
  post(body: unknown): Promise<unknown>;
}

const PRICE =
  "by the second: a dedicated endpoint's hardware, or the router's (huggingface.co/docs/inference-providers/pricing, November 2026)";

/** A task's price in words, the same for all. */
export const huggingFacePrice = { price: PRICE, maximumCostUsd: null };

/**
 * Any model of a task: `huggingface/owner/name` at the router's own inference provider, or `huggingface:alias/name` at
 * a dedicated endpoint. Pictures go as base64, which is all that the task APIs take. `chat/…` is for `chatAdapter`.
 */
export function huggingFaceAdapter<Name extends StageName>(file: HuggingFaceModelFile<Name>): StageAdapter<Name> {
  const { stage, promptVersion, batch, card, more } = file;
  return {
    serves: [{ provider: "huggingface", models: /^(?!chat\/).+$/ }],
    card: { ...card, batch, picture: "data" },
    create(address, tools) {
      const { entry, provider, model, version } = address;
      const at = placeOf(address);
      return {
        entry,
        provider,
        promptVersion,
        batch,
        takesLinks: false,
        ...more,
        async run(input, { signal }) {
          const host: Host = {
            model,
            fitted: tools.calibrations?.get(`${entry}#${promptVersion}`),
            call: (use) => callClient(at, tools, signal, use),
            post: (body) => postJson(at, body, tools, signal),
          };
          const result = await file.ask(input, host);
          return readOutput(stage, { ...result, model, version: version ?? "unversioned" });
        },
      };
    },
  };
}

/** A dedicated endpoint's address is used as it stands; the router has a path for each model. */
function placeOf({ endpoint, aliased, model, token }: ModelAddress): HuggingFaceAddress {
  if (!endpoint) throw new Error("needs an endpoint");
  return { endpoint: aliased ? endpoint : new URL(`/hf-inference/models/${model}`, endpoint), token };
}
