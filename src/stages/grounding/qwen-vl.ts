import type { Size } from "../../../schemas/primitives.ts";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import type { ResultOf } from "../adapters/replicate.ts";
import type { StageInput } from "../model.ts";
import { CONVENTIONS } from "../replies/coordinates.ts";
import { type StageAdapter, sizeOf } from "../stage-adapter.ts";
import { askBoxes } from "./chat-boxes.ts";
import { version } from "./prompts/boxes.ts";

const GENERATIONS = [
  [/qwen[-_]?2[._]5[-_]?vl/i, "qwen2.5-vl"],
  [/qwen[-_]?2[-_]?vl/i, "qwen2-vl"],
  [/qwen[-_]?3(?:[._]\d+)?[-_]?vl/i, "qwen3-vl"],
] as const;

/** The side of a visual token in pixels: a patch of 14, two by two merged (Qwen2.5-VL's preprocessor_config.json). */
const TOKEN = 28;
/**
 * Visual tokens that a picture becomes, least and most (the same file: `min_pixels` 3136, `max_pixels` 12845056). vLLM
 * and SGLang keep to them.
 */
const [LEAST, MOST] = [4, 16_384];

/** Which generation a name is of. Throws an `Error` where it does not say: each counts in its own way. */
function generationOf(model: string): (typeof GENERATIONS)[number][1] {
  const generation = GENERATIONS.find(([name]) => name.test(model))?.[1];
  if (!generation)
    throw new Error("must say in its name which Qwen-VL it is, 2, 2.5 or 3: each counts its boxes in another way");
  return generation;
}

/**
 * The size to which Qwen2.5-VL brings a picture before it looks: sides that are multiples of 28, about the same shape,
 * no more tokens than its host allows (`smart_resize`, qwen-vl-utils). Its boxes are pixels of that (QwenLM/Qwen3-VL,
 * issue 676).
 */
export function sizeSeen({ width, height }: Size, mostTokens: number): Size {
  const [least, most] = [LEAST * TOKEN ** 2, mostTokens * TOKEN ** 2];
  const of = (tokens: (side: number) => number): Size => ({
    width: Math.max(1, tokens(width)) * TOKEN,
    height: Math.max(1, tokens(height)) * TOKEN,
  });
  const nearest = of((side) => toEven(side / TOKEN));
  const area = nearest.width * nearest.height;
  const shrink = Math.sqrt((width * height) / most);
  const grow = Math.sqrt(least / (width * height));
  if (area > most) return of((side) => Math.floor(side / shrink / TOKEN));
  return area < least ? of((side) => Math.ceil((side * grow) / TOKEN)) : nearest;
}

/** Halves go to the even neighbour, as Python rounds them. */
function toEven(number: number): number {
  const floor = Math.floor(number);
  return number - floor === 0.5 ? floor + (floor % 2) : Math.round(number);
}

const asksWith = (mostTokens: number) => (input: StageInput<"grounding">, talk: Talk) => find(input, talk, mostTokens);

function find(input: StageInput<"grounding">, talk: Talk, mostTokens: number): Promise<ResultOf<"grounding">> {
  const generation = generationOf(talk.model);
  const inPixels = generation === "qwen2.5-vl";
  const seen = inPixels ? sizeSeen(sizeOf(input), mostTokens) : sizeOf(input);
  const units = inPixels
    ? `pixels of the picture, which is ${seen.width} wide and ${seen.height} high`
    : "thousandths of the picture's width and height, from 0 at its top left to 1000";
  return askBoxes(input, talk, {
    words: { key: "bbox_2d", numbers: "x_min, y_min, x_max, y_max", units },
    convention: CONVENTIONS[generation],
    seen,
    // Its edges drift out of the picture by some hundredths (QwenLM/Qwen3-VL, issue 1035).
    slack: 0.1,
    method: "qwen-vl",
  });
}

const adapter = chatAdapter({
  stage: "grounding",
  family: /qwen.*vl/,
  promptVersion: version,
  batch: 10,
  card: {
    title:
      "Qwen-VL: 2, 2.5 or 3 by the model's name; a 2.5 behind a host that allows fewer visual tokens than 16,384 has them behind its @ (@1280: DashScope, Ollama; @4096: llama.cpp)",
    returns: "boxes",
    cannot: "say how sure it is: scores are null; Qwen2-VL's own form, which is no JSON, is not read",
    picture: "link",
  },
  variants: { 1280: { ask: asksWith(1_280) }, 4096: { ask: asksWith(4_096) } },
  ask: asksWith(MOST),
});

export const qwenVl: StageAdapter<"grounding"> = {
  ...adapter,
  create(address, tools) {
    generationOf(address.model);
    return adapter.create(address, tools);
  },
};
