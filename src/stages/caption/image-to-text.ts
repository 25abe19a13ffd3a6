import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";
import { paragraphOf } from "./paragraph.ts";

/** Any captioner of Hugging Face's image-to-text task. */
export const imageToText = huggingFaceAdapter({
  stage: "caption",
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any image-to-text model, such as Salesforce/blip-image-captioning-large",
    ...huggingFacePrice,
    returns: "a caption, most often one short sentence",
    cannot: "be told what to describe",
    picture: "data",
  },
  async ask(_, host) {
    const data = host.picture();
    const { generated_text = "" } = await host.call((client, access, options) =>
      client.imageToText({ ...access, data }, { ...options, fetch: unwrapping(options.fetch) }),
    );
    return { caption: paragraphOf(readShape(ReplyText, generated_text)) };
  },
});

/**
 * Unwraps a list of one: the task's own pipeline answers with that, and the client expects the item alone
 * (docs/reference/hosted-models.md, "Hugging Face").
 */
function unwrapping(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (...request) => {
    const response = await fetch(...request);
    if (!response.ok) return response;
    const reply: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    return Array.isArray(reply) && reply.length === 1 ? Response.json(reply[0]) : response;
  };
}
