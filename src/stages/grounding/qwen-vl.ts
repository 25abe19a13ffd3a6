import type { Size } from "../../../schemas/primitives.ts";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import type { FileInput, ResultOf, StageAdapter } from "../model.ts";
import { CONVENTIONS } from "../replies/coordinates.ts";
import { askBoxes } from "./chat-boxes.ts";
import { version } from "./prompts/boxes.ts";

const GENERATIONS = [
  [/qwen[-_]?2[._]5[-_]?vl/i, "qwen2.5-vl"],
  [/qwen[-_]?2[-_]?vl/i, "qwen2-vl"],
  [/qwen[-_]?3(?:[._]\d+)?[-_]?vl/i, "qwen3-vl"],
] as const;

/** The side of a visual token in pixels: a patch of 14, two by two merged (Qwen2.5-VL's preprocessor_config.json). */
const TOKEN = 28;
/** Least and most visual tokens of a picture (the same file: `min_pixels` 3136, `max_pixels` 12845056). */
const [LEAST, MOST] = [4, 16_384];

/** The generation that a name states. Throws an `Error` where it states none: each writes boxes in another way. */
function generationOf(model: string): (typeof GENERATIONS)[number][1] {
  const generation = GENERATIONS.find(([name]) => name.test(model))?.[1];
  if (!generation)
    throw new Error("must say in its name which Qwen-VL it is, 2, 2.5 or 3: each writes boxes in another way");
  return generation;
}

/**
 * The size to which Qwen2.5-VL resizes a picture: sides that are multiples of 28, about the same shape, no more tokens
 * than its host allows (`smart_resize`, qwen-vl-utils). Its boxes are pixels of that (QwenLM/Qwen3-VL, issue 676).
 */
export function resizedSize({ width, height }: Size, mostTokens: number): Size {
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

/** Rounds halves to the even neighbour, as Python does. */
function toEven(number: number): number {
  const floor = Math.floor(number);
  return number - floor === 0.5 ? floor + (floor % 2) : Math.round(number);
}

/** Asks a model whose host allows `mostTokens` visual tokens per picture. */
const askWith = (mostTokens: number) => (input: FileInput<"grounding", number>, talk: Talk) =>
  find(input, talk, mostTokens);

function find(input: FileInput<"grounding", number>, talk: Talk, mostTokens: number): Promise<ResultOf<"grounding">> {
  const generation = generationOf(talk.model);
  const inPixels = generation === "qwen2.5-vl";
  const pixels = inPixels ? resizedSize(input.size, mostTokens) : input.size;
  const units = inPixels
    ? `pixels of the picture, which is ${pixels.width} wide and ${pixels.height} high`
    : "thousandths of the picture's width and height, from 0 at its top left to 1000";
  return askBoxes(input, talk, {
    words: { key: "bbox_2d", numbers: "x_min, y_min, x_max, y_max", units },
    convention: CONVENTIONS[generation],
    pixels,
    // Its boxes can reach some hundredths outside the picture (QwenLM/Qwen3-VL, issue 1035).
    slack: 0.1,
    method: "qwen-vl",
  });
}

const adapter = chatAdapter({
  stage: "grounding",
  families: [{ label: "…qwen…vl…", contains: ["qwen", "vl"] }],
  promptVersion: version,
  batch: 10,
  card: {
    title:
      "Qwen-VL: 2, 2.5 or 3 by the model's name; a 2.5 at a host that allows fewer than 16,384 visual tokens has their number behind its @ (@1280: DashScope, Ollama; @4096: llama.cpp)",
    returns: "boxes",
    cannot: "give a probability: scores are null; Qwen2-VL's own form, which is not JSON, is not read",
    picture: "link",
  },
  variants: { 1280: { ask: askWith(1_280) }, 4096: { ask: askWith(4_096) } },
  ask: askWith(MOST),
});

export const qwenVl: StageAdapter<"grounding"> = {
  ...adapter,
  create(address, runtime) {
    generationOf(address.model);
    return adapter.create(address, runtime);
  },
};
