import type { StageName } from "../../../schemas/stages/index.ts";
import { isLoopback } from "../../net/provider-fetch.ts";
import { type Chat, createChat, type SendChat } from "../../providers/chat.ts";
import { huggingFaceSend } from "../../providers/huggingface.ts";
import { openAiSend } from "../../providers/openai.ts";
import { workersAiSend } from "../../providers/workers-ai.ts";
import type { AttemptOptions, ModelAddress, StageInput, StageModel } from "../model.ts";
import { type ModelCard, type ModelTools, readOutput, type StageAdapter } from "../stage-adapter.ts";
import type { ResultOf } from "./replicate.ts";
import { aiOf } from "./workers-ai.ts";

/** What a model file says of chat models that do a stage. */
export interface ChatModelFile<Name extends StageName> {
  readonly stage: Name;
  /** Which models, by name; all where absent. */
  readonly family?: RegExp;
  /** The prompt's version. */
  readonly promptVersion: string;
  readonly batch: number;
  readonly card: Omit<ModelCard, "batch" | "price" | "maximumCostUsd">;
  ask(input: StageInput<Name>, talk: Talk): Promise<ResultOf<Name>>;
  readonly more?: Pick<StageModel<Name>, "covers" | "looks">;
  /** Other ways of asking, by what an entry has behind its `@`. */
  readonly variants?: Readonly<
    Record<string, Partial<Pick<ChatModelFile<Name>, "promptVersion" | "batch" | "ask" | "more">>>
  >;
}

/** One attempt's conversation with a model. */
export interface Talk {
  readonly chat: Chat;
  readonly attempt: AttemptOptions;
  readonly entry: string;
  readonly model: string;
  readonly tools: ModelTools;
}

const PRICE = "by the token, as the host of the model charges (a local one: nothing)";

/**
 * Chat models as `openai/model` (or an alias of any OpenAI-compatible endpoint), `huggingface/chat/model` and
 * `workers-ai/@cf/…`; `@` and a name behind that picks another way of asking.
 */
export function chatAdapter<Name extends StageName>(file: ChatModelFile<Name>): StageAdapter<Name> {
  const { stage, family = /./, card } = file;
  const { source } = family;
  return {
    serves: [
      { provider: "openai", models: new RegExp(source, "i") },
      { provider: "huggingface", models: new RegExp(`^chat/.*(?:${source})`, "i") },
      { provider: "workers-ai", models: new RegExp(`^@cf/(?!moondream/).*(?:${source})`, "i") },
    ],
    card: { ...card, batch: file.batch, price: PRICE, maximumCostUsd: null },
    create(address, tools) {
      const { entry, provider } = address;
      const { promptVersion, batch, more, ask } = asAsked(file, address);
      const model = address.model.replace(/^chat\//, "");
      const chat = createChat(model, sendOf(address, tools));
      return {
        entry,
        provider,
        promptVersion,
        batch,
        takesLinks: card.picture === "link" && !isLocal(address),
        ...more,
        async run(input, attempt) {
          let version = model;
          const named: Chat = async (...question) => {
            const reply = await chat(...question);
            version = reply.model ?? model;
            return reply;
          };
          const result = await ask(input, { chat: named, attempt, entry, model, tools });
          return readOutput(stage, { ...result, model, version });
        },
      };
    },
  };
}

/** The file with what an entry's `@` changes about it. */
function asAsked<Name extends StageName>(file: ChatModelFile<Name>, { version }: ModelAddress): ChatModelFile<Name> {
  const { variants = {} } = file;
  if (version === null) return file;
  if (Object.hasOwn(variants, version)) return { ...file, ...variants[version] };
  const known = Object.keys(variants).map((name) => `@${name}`);
  throw new Error(
    `a chat model has no version to pin; behind its @ ${known.length > 0 ? `may stand ${known.join(", ")}` : "stands nothing"}`,
  );
}

/** Ollama and llama.cpp take pictures as data alone, and those are who runs on one's own machine. */
function isLocal({ endpoint }: ModelAddress): boolean {
  return endpoint !== null && isLoopback(endpoint);
}

function sendOf({ provider, endpoint, token }: ModelAddress, tools: ModelTools): SendChat {
  if (provider === "workers-ai") return workersAiSend(aiOf(tools));
  if (!endpoint) throw new Error("needs an endpoint");
  return provider === "huggingface"
    ? huggingFaceSend({ endpoint, token }, tools)
    : openAiSend({ endpoint, token }, tools);
}
