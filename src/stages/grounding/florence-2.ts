import * as z from "zod/mini";
import { phraseOf } from "../adapters/phrase.ts";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { answerTo, FLORENCE_2 } from "../families/florence-2.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { sizeOf } from "../stage-adapter.ts";

/** The format that its makers publish (the model card of microsoft/Florence-2-large). */
const Phrases = z.object({ bboxes: z.array(z.array(z.number())), labels: z.array(z.string()) });

/** Its own marks, such as `<loc_7>`. */
const MARKS = /[<>]/g;

/**
 * It finds every phrase of a caption: of "a woman in an orange suit" the woman and the suit. What is meant is the
 * whole, or else the phrase that comes first: what follows in a noun phrase describes it.
 */
function meant(labels: readonly string[], phrase: string): string | undefined {
  const whole = folded(phrase);
  const place = (label: string) => {
    const at = whole.indexOf(folded(label));
    return label === "" || at < 0 ? whole.length : at - (folded(label) === whole ? 1 : 0);
  };
  return labels.reduce<string | undefined>(
    (best, label) => (best === undefined || place(label) < place(best) ? label : best),
    undefined,
  );
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s.]+/g, " ")
    .trim();
}

export const florence2 = replicateAdapter({
  stage: "grounding",
  ...FLORENCE_2,
  inputs: ["image", "task_input", "text_input"],
  card: {
    title: "Florence-2 large, phrase grounding",
    ...replicatePrice,
    returns: "boxes of the phrase",
    cannot: "say how sure it is, nor that something is not there: scores are null, and most phrases get a box",
  },
  ask: ({ image, entities: [entity] }) => ({
    image,
    task_input: "Caption to Phrase Grounding",
    text_input: phraseOf(entity, { without: MARKS }),
  }),
  read(output, input) {
    const [entity] = input.entities;
    const { bboxes, labels } = answerTo("<CAPTION_TO_PHRASE_GROUNDING>", Phrases, output);
    if (bboxes.length !== labels.length)
      throw new StageError("invalid_output", "answered with boxes and labels that do not go together");
    const label = meant(labels, phraseOf(entity, { without: MARKS }));
    const regions = bboxes.flatMap((numbers, index) => {
      const box = labels[index] === label ? readBox(numbers, CONVENTIONS["florence-2"], sizeOf(input)) : null;
      return box ? [{ box, score: null, method: "florence-2" }] : [];
    });
    return { groundings: [{ id: entity?.id ?? "", regions }] };
  },
});
