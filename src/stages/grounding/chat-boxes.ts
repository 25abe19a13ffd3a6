import * as z from "zod/mini";
import type { Box, Size, StageEntity } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { Talk } from "../adapters/chat.ts";
import type { ResultOf } from "../adapters/replicate.ts";
import { StageError, type StageInput } from "../model.ts";
import { askJson } from "../replies/ask-json.ts";
import { type Convention, countsAs, readBox } from "../replies/coordinates.ts";
import { sizeOf } from "../stage-adapter.ts";
import { type BoxWords, build } from "./prompts/boxes.ts";

/** Room for a model that thinks aloud, and for a name with ten boxes. */
const THOUGHTS = 4_096;
const BOXES = 320;

/** How a chat model's boxes are asked for and read. */
export interface BoxForm {
  readonly words: BoxWords;
  readonly convention: Convention;
  /** Size in whose pixels it counts; of no account where it counts shares. */
  readonly seen: Size;
  /** How far out of the picture a box may reach, as a share of its sides, and still be meant. */
  readonly slack: number;
  readonly method: string;
}

type FourNumbers = readonly [number, number, number, number];

/**
 * What is asked for, and for Qwen and Gemini what they answer with of their own accord: a bare list, with a label in
 * place of an id.
 */
function shapesOf(key: string) {
  const numbers = z.array(z.number()).check(z.length(4));
  const asked = z.object({ boxes: z.array(z.object({ id: z.string(), [key]: numbers })) });
  const item = z.object({
    id: z.optional(z.union([z.string(), z.number()])),
    label: z.optional(z.string()),
    [key]: numbers,
  });
  return { asked, accept: z.union([z.object({ boxes: z.array(item) }), z.array(item)]) };
}

/**
 * Boxes of several things in one question. A reply that was cut off is an error and not what is left of it: things that
 * it did not come to would look as if they were not there. So is a box of a thing that nobody asked about, or one in
 * other units. Throws a `StageError`.
 */
export async function askBoxes(
  input: StageInput<"grounding">,
  talk: Talk,
  form: BoxForm,
): Promise<ResultOf<"grounding">> {
  const { image, entities } = input;
  const size = sizeOf(input);
  const { words, method } = form;
  const { asked, accept } = shapesOf(words.key);
  const reply = await askJson<unknown>(
    {
      messages: build({ image, entities, words }),
      name: "boxes",
      schema: asked,
      accept,
      maximumTokens: THOUGHTS + BOXES * entities.length,
    },
    talk,
  );
  const { boxes } = Array.isArray(reply) ? { boxes: reply } : (reply as { boxes: unknown[] });
  const found = (boxes as Array<Record<string, unknown>>).map((item) => ({
    owner: ownerOf(item, entities),
    box: boxOf(item[words.key] as FourNumbers, form, size),
  }));
  const groundings = entities.map((entity) => {
    const mine = found.flatMap(({ owner, box }) => (owner === entity && box ? [box] : []));
    return { id: entity.id, regions: distinct(mine).map((box): GroundedRegion => ({ box, score: null, method })) };
  });
  return { groundings };
}

function ownerOf({ id, label }: Record<string, unknown>, entities: readonly StageEntity[]): StageEntity {
  const named = String(label ?? "").toLowerCase();
  const owner =
    id !== undefined
      ? entities[Number(id) - 1]
      : (entities.find(({ expression, text }) => [expression, text].some((words) => words?.toLowerCase() === named)) ??
        (entities.length === 1 ? entities[0] : undefined));
  if (!owner) throw new StageError("invalid_output", "answered with a box of something that nobody asked for");
  return owner;
}

function boxOf(numbers: FourNumbers, { convention, seen, slack }: BoxForm, size: Size): Box | null {
  if (!countsAs(numbers, convention, seen, slack))
    throw new StageError("invalid_output", "answered with boxes in other units than its own");
  return readBox(numbers, convention, size, seen);
}

/** Models that lose the thread say the same box over and over. */
function distinct(boxes: readonly Box[]): Box[] {
  return [...new Map(boxes.map((box) => [JSON.stringify(box), box])).values()];
}
