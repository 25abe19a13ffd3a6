import { fromDataUrl } from "../../image/data-url.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { CLIP_VERSION, judgementOf, NEUTRAL, phraseForClip, TEMPLATE } from "../families/clip.ts";
import { StageError } from "../model.ts";

/** Any model of the zero-shot image classification task (hosted-apis section 2.3). */
export const clipZeroShot = huggingFaceAdapter({
  stage: "entailment",
  promptVersion: CLIP_VERSION,
  // The labels of one call are weighed against each other.
  batch: 1,
  card: {
    title: "any CLIP or SigLIP, such as openai/clip-vit-large-patch14",
    ...huggingFacePrice,
    returns: 'CLIP: the softmax of the expression against "something else"; SigLIP: the sigmoid of the expression',
    cannot:
      "say how likely the thing is to be there until constants are configured for it (CALIBRATION); it compares captions, and counts and relates nothing",
  },
  async ask(input, host) {
    const picture = fromDataUrl(input.image);
    if (!picture) throw new StageError("rejected", "must be given the picture itself");
    const image = new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.type });
    const phrase = phraseForClip(input);
    const parameters = { candidate_labels: [phrase, NEUTRAL], hypothesis_template: TEMPLATE };
    const scores = await host.call((client, access, options) =>
      client.zeroShotImageClassification({ ...access, inputs: { image }, parameters }, options),
    );
    const found = scores.find(({ label }) => label === phrase);
    if (!found) throw new StageError("invalid_output", "answered without the label that it was asked for");
    return { judgements: [judgementOf(input, found.score, host.fitted)] };
  },
});
