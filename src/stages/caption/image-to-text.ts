import { fromDataUrl } from "../../image/data-url.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { StageError } from "../model.ts";
import { paragraphOf } from "./paragraph.ts";

/** Any captioner of the image-to-text task (hosted-apis section 2.3). */
export const imageToText = huggingFaceAdapter({
  stage: "caption",
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any image-to-text model, such as Salesforce/blip-image-captioning-large",
    ...huggingFacePrice,
    returns: "a caption, most often one short sentence",
    cannot: "be told what to look at",
  },
  async ask({ image }, host) {
    const picture = fromDataUrl(image);
    if (!picture) throw new StageError("rejected", "must be given the picture itself");
    const data = new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.type });
    const { generated_text = "" } = await host.call((client, access, options) =>
      client.imageToText({ ...access, data }, { ...options, fetch: unwrapping(options.fetch) }),
    );
    return { caption: paragraphOf(generated_text) };
  },
});

/**
 * The task's own pipeline answers with a list of one, which the vendor's client takes for malformed (hosted-apis
 * section 2.3).
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
