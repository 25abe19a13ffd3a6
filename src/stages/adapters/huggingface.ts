import type { StageName } from "../../../schemas/stages/index.ts";
import { toBase64 } from "../../image/data-url.ts";
import { callClient, type HuggingFaceAddress, postJson, type UseClient } from "../../providers/huggingface.ts";
import {
  type FileInput,
  type ModelAddress,
  type ModelCard,
  type ResultOf,
  type StageAdapter,
  StageError,
} from "../model.ts";
import type { PictureRef } from "../picture-ref.ts";
import { ANY_NAME } from "../served.ts";
import type { Calibration } from "./calibrate.ts";
import { createFromFile, type ModelFile, toFileInput } from "./model-file.ts";

/** A model file for a task at Hugging Face. */
export interface HuggingFaceModelFile<Name extends StageName, Batch extends number> extends ModelFile<Name, Batch> {
  readonly card: Omit<ModelCard, "batch">;
  /** The task in the router's path, where models have several. */
  readonly task?: string;
  ask(input: Omit<FileInput<Name, Batch>, "image">, host: Host): Promise<ResultOf<Name>>;
}

/** What a model file uses to make one request to the model's host. */
export interface Host {
  readonly model: string;
  readonly calibration: Calibration | undefined;
  /** The picture's bytes and type. Throws a `StageError` where there is no picture. */
  picture(): Blob;
  /** The picture's bytes as base64. Throws a `StageError` where there is no picture. */
  base64(): string;
  /** Calls a task method of the official client. Throws a `StageError`. */
  call<T>(use: UseClient<T>): Promise<T>;
  /** Posts a body of our own, for tasks that the client has no usable method for. Throws a `StageError`. */
  post(body: unknown): Promise<unknown>;
}

const PRICE =
  "by the second: a dedicated endpoint's hardware, or the router's (huggingface.co/docs/inference-providers/pricing, November 2026)";

/** A task's price in words, the same for all. */
export const huggingFacePrice = { price: PRICE, maximumCostUsd: null };

/**
 * Any model of a task: `huggingface/owner/name` at the router's own inference provider, or `huggingface:alias/name` at
 * a dedicated endpoint. Pictures are sent as bytes or base64, the only forms that the task APIs take. `chat/…` is for
 * `chatAdapter`.
 */
export function huggingFaceAdapter<Name extends StageName, Batch extends number>(
  file: HuggingFaceModelFile<Name, Batch>,
): StageAdapter<Name> {
  const { batch, card } = file;
  return {
    serves: [{ provider: "huggingface", families: [{ ...ANY_NAME, except: ["chat/"] }] }],
    card: { ...card, batch },
    create(address, runtime) {
      const { model, version } = address;
      const access = endpointOf(address, file.task);
      return createFromFile(file, address, runtime, async (input, { signal }, calibration) => {
        const picture = card.picture === "none" ? null : input.picture;
        const host: Host = {
          model,
          calibration,
          picture: () =>
            new Blob([requirePicture(picture).bytes as Uint8Array<ArrayBuffer>], {
              type: requirePicture(picture).type,
            }),
          base64: () => toBase64(requirePicture(picture).bytes),
          call: (use) => callClient(access, runtime, signal, use),
          post: (body) => postJson(access, body, runtime, signal),
        };
        const ask = () => file.ask(toFileInput(batch, input), host);
        const result = await (picture ? picture.exclusively(ask) : ask());
        return { ...result, model, version: version ?? "unversioned" };
      });
    },
  };
}

function requirePicture(picture: PictureRef | null): PictureRef {
  if (!picture) throw new StageError("rejected", "needs the picture");
  return picture;
}

/** A dedicated endpoint's address is used as it is; the router has a path for each model, and for each task of it. */
function endpointOf({ endpoint, aliased, model, token }: ModelAddress, task: string | undefined): HuggingFaceAddress {
  if (!endpoint) throw new Error("needs an endpoint");
  return {
    endpoint: aliased ? endpoint : new URL(`/hf-inference/models/${model}${task ? `/pipeline/${task}` : ""}`, endpoint),
    token,
  };
}
