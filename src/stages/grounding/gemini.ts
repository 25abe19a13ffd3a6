import { chatAdapter } from "../adapters/chat.ts";
import { CONVENTIONS } from "../replies/coordinates.ts";
import { askBoxes } from "./chat-boxes.ts";
import { version } from "./prompts/boxes.ts";

const WORDS = {
  key: "box_2d",
  numbers: "y_min, x_min, y_max, x_max",
  units: "thousandths of the picture's height and width, from 0 at its top left to 1000",
};

/** Gemini, and Gemma 4, which writes the same boxes (huggingface/blog, gemma4.md: `box_2d`, 1000 by 1000). */
export const gemini = chatAdapter({
  stage: "grounding",
  families: [
    { label: "…gemini…", contains: ["gemini"] },
    { label: "…gemma-4…", contains: ["gemma-4"] },
    { label: "…gemma-4…", contains: ["gemma4"] },
  ],
  promptVersion: version,
  batch: 10,
  card: {
    title: "Gemini, Gemma 4",
    returns: "boxes",
    cannot:
      "give a probability: scores are null; Gemini 2.5 Flash finds 75.8 % of RefCOCO (docs/reference/hosted-models.md)",
    picture: "link",
  },
  ask: (input, talk) =>
    askBoxes(input, talk, {
      words: WORDS,
      convention: CONVENTIONS.gemini,
      pixels: input.size,
      slack: 0.05,
      method: /gemma/i.test(talk.model) ? "gemma" : "gemini",
    }),
});
