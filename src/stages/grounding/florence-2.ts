import * as z from "zod/mini";
import { phraseOf } from "../adapters/phrase.ts";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { answerTo, FLORENCE_2 } from "../families/florence-2.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";

/** The format of the model card of microsoft/Florence-2-large. */
const Phrases = z.object({ bboxes: z.array(z.array(z.number())), labels: z.array(z.string()) });

/** The brackets of its own tokens, such as `<loc_7>`. */
const MARKS = /[<>]/g;

/**
 * The label of the thing itself. The model grounds every phrase of an expression: of "a woman in an orange suit" the
 * woman and the suit. The thing is the whole expression, or else its first phrase: the rest of a noun phrase describes
 * it.
 */
function headLabel(labels: readonly string[], phrase: string): string | undefined {
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
    cannot: "give a probability, nor tell that something is absent: scores are null, and most phrases get a box",
  },
  ask: ({ image, entity }) => ({
    image,
    task_input: "Caption to Phrase Grounding",
    text_input: phraseOf(entity, { without: MARKS }),
  }),
  read(output, { entity, size }) {
    const { bboxes, labels } = answerTo("<CAPTION_TO_PHRASE_GROUNDING>", Phrases, output);
    if (bboxes.length !== labels.length)
      throw new StageError("invalid_output", "answered with different numbers of boxes and labels");
    const label = headLabel(labels, phraseOf(entity, { without: MARKS }));
    const regions = bboxes.flatMap((numbers, index) => {
      const box = labels[index] === label ? readBox(numbers, CONVENTIONS["florence-2"], size) : null;
      return box ? [{ box, score: null, method: "florence-2" }] : [];
    });
    return { groundings: [{ id: entity.id, regions }] };
  },
});
