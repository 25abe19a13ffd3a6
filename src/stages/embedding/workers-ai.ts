import * as z from "zod/mini";
import { runModel } from "../../providers/workers-ai.ts";
import { createFromFile } from "../adapters/model-file.ts";
import { aiOf } from "../adapters/workers-ai.ts";
import type { StageAdapter } from "../model.ts";
import { readShape } from "../replies/read-shape.ts";
import { mostTokens, vectorsIn } from "./vectors.ts";

const Reply = z.object({ data: z.unknown() });

/** BAAI's models on Workers AI, as `workers-ai/@cf/baai/…` (docs/reference/hosted-models.md, "Embeddings"). */
export const workersAi: StageAdapter<"embedding"> = {
  serves: [{ provider: "workers-ai", families: [{ label: "@cf/baai/NAME", prefix: "@cf/baai/" }] }],
  card: {
    title: "BAAI's bge models",
    price: "by the token (developers.cloudflare.com/workers-ai/platform/pricing, November 2026)",
    maximumCostUsd: null,
    returns: "one vector for each text",
    cannot: "be mixed: the vectors of two models cannot be compared",
    batch: Number.POSITIVE_INFINITY,
    picture: "none",
  },
  create(address, runtime) {
    if (address.version !== null)
      throw new Error("a model on Workers AI has no version to pin: nothing may stand behind its @");
    const ai = aiOf(runtime);
    const { model } = address;
    const file = { stage: "embedding", promptVersion: "1", batch: Number.POSITIVE_INFINITY } as const;
    const embed = createFromFile(file, address, runtime, async ({ texts }, { signal, reserve }) => {
      await reserve?.(mostTokens(texts));
      const { data } = readShape(Reply, await runModel(ai, model, { text: texts }, signal));
      return { vectors: vectorsIn(data, texts), model, version: "unversioned" };
    });
    return { ...embed, reserves: true };
  },
};
