import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { CLIP_VERSION, judgementOf, NEUTRAL, phraseForClip, TEMPLATE } from "../families/clip.ts";
import { StageError } from "../model.ts";

/** Any model of Hugging Face's zero-shot image classification task. */
export const clipZeroShot = huggingFaceAdapter({
  stage: "entailment",
  promptVersion: CLIP_VERSION,
  // The labels of one call are compared with each other.
  batch: 1,
  card: {
    title: "any CLIP or SigLIP, such as openai/clip-vit-large-patch14",
    ...huggingFacePrice,
    returns: 'CLIP: the softmax of the expression against "something else"; SigLIP: the sigmoid of the expression',
    cannot: `give a calibrated probability until CALIBRATION has constants for ENTRY#${CLIP_VERSION}; it compares captions, and does not count or relate things`,
    picture: "data",
  },
  async ask({ entity }, host) {
    const image = host.picture();
    const phrase = phraseForClip(entity);
    const parameters = { candidate_labels: [phrase, NEUTRAL], hypothesis_template: TEMPLATE };
    const scores = await host.call((client, access, options) =>
      client.zeroShotImageClassification({ ...access, inputs: { image }, parameters }, options),
    );
    const found = scores.find(({ label }) => label === phrase);
    if (!found) throw new StageError("invalid_output", "answered without the label that was requested");
    return { judgements: [judgementOf(entity, found.score, host.calibration)] };
  },
});
