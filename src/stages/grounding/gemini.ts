import { chatAdapter } from "../adapters/chat.ts";
import { CONVENTIONS } from "../replies/coordinates.ts";
import { sizeOf } from "../stage-adapter.ts";
import { askBoxes } from "./chat-boxes.ts";
import { version } from "./prompts/boxes.ts";

const WORDS = {
  key: "box_2d",
  numbers: "y_min, x_min, y_max, x_max",
  units: "thousandths of the picture's height and width, from 0 at its top left to 1000",
};

/**
 * Gemini and Gemma 4, which writes boxes as Gemini does (huggingface/blog, gemma4.md: `box_2d` in a picture of 1000 by
 * 1000).
 */
export const gemini = chatAdapter({
  stage: "grounding",
  family: /gemini|gemma-?4/,
  promptVersion: version,
  batch: 10,
  card: {
    title: "Gemini, Gemma 4",
    returns: "boxes",
    cannot: "say how sure it is: scores are null; Gemini 2.5 Flash finds 75.8 % of RefCOCO (hosted-apis section 3.6)",
    picture: "link",
  },
  ask: (input, talk) =>
    askBoxes(input, talk, {
      words: WORDS,
      convention: CONVENTIONS.gemini,
      seen: sizeOf(input),
      slack: 0.05,
      method: /gemma/i.test(talk.model) ? "gemma" : "gemini",
    }),
});
