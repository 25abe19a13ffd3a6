import { LIMITS } from "../../../schemas/limits.ts";
import type { ProviderName } from "../../../schemas/providers.ts";
import type { StageName } from "../../../schemas/stages/index.ts";
import { type ChatQuestion, type ChatReply, createChat, mostTokens, type SendChat } from "../../providers/chat.ts";
import { huggingFaceSend } from "../../providers/huggingface.ts";
import { openAiSend } from "../../providers/openai.ts";
import type { AttemptChanges } from "../../providers/stage-error.ts";
import { workersAiSend } from "../../providers/workers-ai.ts";
import {
  type FileInput,
  type ModelAddress,
  type ModelCard,
  type ModelRuntime,
  type NameFamily,
  type ResultOf,
  type StageAdapter,
  StageError,
} from "../model.ts";
import { ANY_NAME } from "../served.ts";
import type { Calibration } from "./calibrate.ts";
import { createFromFile, type ModelFile, toFileInput, withSource } from "./model-file.ts";
import { aiOf } from "./workers-ai.ts";

/** A model file for chat models that do a stage. */
export interface ChatModelFile<Name extends StageName, Batch extends number> extends ModelFile<Name, Batch> {
  /** The names of the models; every chat model when absent. */
  readonly families?: readonly NameFamily[];
  readonly card: Omit<ModelCard, "batch" | "price" | "maximumCostUsd">;
  ask(input: FileInput<Name, Batch>, talk: Talk): Promise<ResultOf<Name>>;
  /** Variants of the prompt, by the word after an entry's `@`. */
  readonly variants?: Readonly<Record<string, ChatVariant<Name, Batch> | OneByOne<Name>>>;
}

/** The properties of its file that a variant replaces. */
export type ChatVariant<Name extends StageName, Batch extends number> = Partial<
  Pick<ChatModelFile<Name, Batch>, "promptVersion" | "ask" | "abilities">
> & { readonly batch?: undefined };

/** A variant with one entity per call. */
export type OneByOne<Name extends StageName> = Pick<ChatModelFile<Name, 1>, "promptVersion" | "batch" | "ask">;

/** One attempt's conversation with a model. */
export interface Talk {
  /** Asks once: one HTTP request. Throws a `StageError`. */
  chat(question: ChatQuestion): Promise<ChatReply>;
  /** The previous attempt's reply, which the model has to repair; null in a first attempt. */
  readonly repair: NonNullable<AttemptChanges["repair"]> | null;
  /** The model's name as its host knows it. */
  readonly model: string;
  readonly calibration: Calibration | undefined;
}

const PRICE = "by the token, as the host of the model charges (a local one: nothing)";

/** The hosts of chat models, and how an entry names a model there. */
const HOSTS: ReadonlyArray<{ provider: ProviderName; prefix: string; except: readonly string[] }> = [
  { provider: "openai", prefix: "", except: [] },
  { provider: "huggingface", prefix: "chat/", except: [] },
  // Moondream on Workers AI is not a chat model.
  { provider: "workers-ai", prefix: "@cf/", except: ["@cf/moondream/"] },
];

/**
 * Chat models as `openai/model` (or an alias of any OpenAI-compatible endpoint), `huggingface/chat/model` and
 * `workers-ai/@cf/…`. A word after an `@` selects a variant of the prompt.
 */
export function chatAdapter<Name extends StageName, Batch extends number>(
  file: ChatModelFile<Name, Batch>,
): StageAdapter<Name> {
  const { families = [ANY_NAME], card, batch } = file;
  return {
    serves: HOSTS.map(({ provider, prefix, except }) => ({
      provider,
      families: families.map((family) => ({ ...family, label: `${prefix}${family.label}`, prefix, except })),
    })),
    card: {
      ...card,
      batch,
      price: PRICE,
      maximumCostUsd: null,
      // Ollama and llama.cpp, which run on one's own machine, take pictures as data URLs only.
      ...(card.picture === "link" && { localData: true }),
    },
    create(address, runtime) {
      const variant = variantOf(file, address);
      const model = address.model.replace(/^chat\//, "");
      const chat = createChat(model, sendOf(address, runtime));
      const ask: Parameters<typeof createFromFile<Name, Batch>>[3] = async (input, attempt, calibration) => {
        const { signal, changes, spent, reserve } = attempt;
        let version = model;
        const talk: Talk = {
          model,
          calibration,
          repair: changes?.repair ?? null,
          async chat(question) {
            await reserve?.(mostTokens(question));
            const reply = await chat(question, signal, input, spent);
            if (reply.text.length > LIMITS.replyText)
              throw new StageError("invalid_output", "answered with a longer text than any that was asked for");
            version = reply.model ?? model;
            return reply;
          },
        };
        const result = await withSource(input, (image) => variant.ask(toFileInput(variant.batch, input, image), talk));
        return { ...result, model, version };
      };
      return { ...createFromFile(variant, address, runtime, ask), reserves: true };
    },
  };
}

/** The file with the variant that the word after an entry's `@` selects. Throws an `Error` for an unknown word. */
function variantOf<Name extends StageName, Batch extends number>(
  file: ChatModelFile<Name, Batch>,
  { version }: ModelAddress,
): ChatModelFile<Name, Batch> {
  const { variants = {} } = file;
  if (version === null) return file;
  // The type of `ask` goes with `batch`, and both change together.
  if (Object.hasOwn(variants, version)) return { ...file, ...variants[version] } as ChatModelFile<Name, Batch>;
  const names = Object.keys(variants).map((name) => `@${name}`);
  throw new Error(
    `a chat model has no version to pin; ${names.length > 0 ? `its variants are ${names.join(", ")}` : "it has no variants"}`,
  );
}

function sendOf({ provider, endpoint, token }: ModelAddress, runtime: ModelRuntime): SendChat {
  if (provider === "workers-ai") return workersAiSend(aiOf(runtime));
  if (!endpoint) throw new Error("needs an endpoint");
  return provider === "huggingface"
    ? huggingFaceSend({ endpoint, token }, runtime)
    : openAiSend({ endpoint, token }, runtime);
}
