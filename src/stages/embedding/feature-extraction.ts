import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { vectorsIn } from "./vectors.ts";

/** Any model of Hugging Face's feature extraction task that gives one vector a text: sentence transformers. */
export const featureExtraction = huggingFaceAdapter({
  stage: "embedding",
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  // Sentence transformers have two tasks, and the router answers the other one under the model's own path.
  task: "feature-extraction",
  card: {
    title: "any sentence transformer, such as sentence-transformers/all-MiniLM-L6-v2",
    ...huggingFacePrice,
    returns: "one vector for each text",
    cannot: "be mixed: the vectors of two models cannot be compared",
    picture: "none",
  },
  async ask({ texts }, host) {
    const reply = await host.call((client, access, options) =>
      client.featureExtraction({ ...access, inputs: texts }, options),
    );
    return { vectors: vectorsIn(reply, texts) };
  },
});
