import * as z from "zod/mini";
import type { Box, Size, StageEntity } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { Talk } from "../adapters/chat.ts";
import { type FileInput, type ResultOf, StageError } from "../model.ts";
import { askJson } from "../replies/ask-json.ts";
import { type Convention, countsAs, readBox } from "../replies/coordinates.ts";
import { type BoxWords, build } from "./prompts/boxes.ts";

/** Tokens for reasoning, and for one entity with ten boxes. */
const REASONING_TOKENS = 4_096;
const ENTITY_TOKENS = 320;

/** How a chat model's boxes are asked for and read. */
export interface BoxForm {
  readonly words: BoxWords;
  readonly convention: Convention;
  /** The size in whose pixels the model writes boxes; unused where it writes shares. */
  readonly pixels: Size;
  /** How far outside the picture a box may reach, as a share of its sides. */
  readonly slack: number;
  readonly method: string;
}

type FourNumbers = readonly [number, number, number, number];

/** The form that is asked for, and the one that Qwen and Gemini also write: a bare list, with labels instead of ids. */
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
 * Boxes of several entities in one question. A truncated reply is an error: the entities that are missing from it would
 * look as if they were not in the picture. So is a box of something else, or one in other units. Throws a `StageError`.
 */
export async function askBoxes(
  { image, size, entities }: FileInput<"grounding", number>,
  talk: Talk,
  form: BoxForm,
): Promise<ResultOf<"grounding">> {
  const { words, method } = form;
  const { asked, accept } = shapesOf(words.key);
  const reply = await askJson<unknown>(
    {
      messages: build({ image, entities, words }),
      name: "boxes",
      schema: asked,
      accept,
      maximumTokens: REASONING_TOKENS + ENTITY_TOKENS * entities.length,
    },
    talk,
  );
  const { boxes } = Array.isArray(reply) ? { boxes: reply } : (reply as { boxes: unknown[] });
  const found = (boxes as Array<Record<string, unknown>>).map((item) => ({
    owner: ownerOf(item, entities),
    box: boxOf(item[words.key] as FourNumbers, form, size),
  }));
  const groundings = entities.map((entity) => {
    const own = found.flatMap(({ owner, box }) => (owner === entity && box ? [box] : []));
    return { id: entity.id, regions: distinct(own).map((box): GroundedRegion => ({ box, score: null, method })) };
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
  if (!owner) throw new StageError("invalid_output", "answered with a box of something that was not asked for");
  return owner;
}

function boxOf(numbers: FourNumbers, { convention, pixels, slack }: BoxForm, size: Size): Box | null {
  if (!countsAs(numbers, convention, pixels, slack))
    throw new StageError("invalid_output", "answered with boxes in other units than asked for");
  return readBox(numbers, convention, size, pixels);
}

/** Boxes without repetitions: a model may fall into writing the same box again and again. */
function distinct(boxes: readonly Box[]): Box[] {
  return [...new Map(boxes.map((box) => [JSON.stringify(box), box])).values()];
}
