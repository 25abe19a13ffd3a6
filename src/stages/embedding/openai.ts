import * as z from "zod/mini";
import { postOpenAi } from "../../providers/openai.ts";
import { createFromFile } from "../adapters/model-file.ts";
import type { ModelCard, StageAdapter } from "../model.ts";
import { readShape } from "../replies/read-shape.ts";
import { ANY_NAME } from "../served.ts";
import { mostTokens, vectorsIn } from "./vectors.ts";

/** The fields of an `/embeddings` response that are read (docs/reference/hosted-models.md, "Embeddings"). */
const Reply = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })),
  usage: z.optional(z.nullable(z.object({ prompt_tokens: z.optional(z.nullable(z.int())) }))),
});

const card: ModelCard = {
  title: "any embedding model behind an OpenAI-compatible /embeddings",
  price: "by the token, as the host of the model charges (a local one: nothing)",
  maximumCostUsd: null,
  returns: "one vector for each text",
  cannot: "be mixed: the vectors of two models cannot be compared",
  batch: Number.POSITIVE_INFINITY,
  picture: "none",
};

/** Embedding models as `openai/model`, or an alias of any OpenAI-compatible endpoint. */
export const openai: StageAdapter<"embedding"> = {
  serves: [{ provider: "openai", families: [ANY_NAME] }],
  card,
  create(address, runtime) {
    const { endpoint, token, model, version } = address;
    if (!endpoint) throw new Error("needs an endpoint");
    if (version !== null) throw new Error("an embedding model has no version to pin: nothing may stand behind its @");
    const file = { stage: "embedding", promptVersion: "1", batch: Number.POSITIVE_INFINITY } as const;
    const embed = createFromFile(file, address, runtime, async ({ texts }, { signal, spent, reserve }) => {
      await reserve?.(mostTokens(texts));
      const body = { model, input: texts, encoding_format: "float" };
      const reply = await postOpenAi({ endpoint, token }, "/embeddings", body, runtime, signal);
      const { data, usage } = readShape(Reply, reply);
      const inputTokens = usage?.prompt_tokens;
      if (typeof inputTokens === "number") spent?.({ inputTokens });
      const inOrder = [...data].sort((a, b) => a.index - b.index).map(({ embedding }) => embedding);
      return { vectors: vectorsIn(inOrder, texts), model, version: "unversioned" };
    });
    return { ...embed, reserves: true };
  },
};
