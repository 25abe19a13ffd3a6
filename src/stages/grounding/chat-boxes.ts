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

/** How a chat model is asked for boxes, and how they are read. */
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

/** The requested form, and the form that Qwen and Gemini also write: a bare list, with labels instead of ids. */
function shapesOf(key: string) {
  const numbers = z.array(z.number()).check(z.length(4));
  const schema = z.object({ boxes: z.array(z.object({ id: z.string(), [key]: numbers })) });
  const item = z.object({
    id: z.optional(z.union([z.string(), z.number()])),
    label: z.optional(z.string()),
    [key]: numbers,
  });
  return { schema, accept: z.union([z.object({ boxes: z.array(item) }), z.array(item)]) };
}

/**
 * Asks for the boxes of several entities in one question. Throws a `StageError` for a truncated reply (the entities
 * that are missing from it would seem absent from the picture), for a box of something else, and for a box in other
 * units.
 */
export async function askBoxes(
  { image, size, entities }: FileInput<"grounding", number>,
  talk: Talk,
  form: BoxForm,
): Promise<ResultOf<"grounding">> {
  const { words, method } = form;
  const { schema, accept } = shapesOf(words.key);
  const reply = await askJson<unknown>(
    {
      messages: build({ image, entities, words }),
      name: "boxes",
      schema,
      accept,
      maximumTokens: REASONING_TOKENS + ENTITY_TOKENS * entities.length,
    },
    talk,
  );
  const { boxes } = Array.isArray(reply) ? { boxes: reply } : (reply as { boxes: unknown[] });
  const ownedBoxes = (boxes as Array<Record<string, unknown>>).map((item) => ({
    owner: ownerOf(item, entities),
    box: boxOf(item[words.key] as FourNumbers, form, size),
  }));
  const groundings = entities.map((entity) => {
    const entityBoxes = ownedBoxes.flatMap(({ owner, box }) => (owner === entity && box ? [box] : []));
    return {
      id: entity.id,
      regions: distinct(entityBoxes).map((box): GroundedRegion => ({ box, score: null, method })),
    };
  });
  return { groundings };
}

function ownerOf({ id, label }: Record<string, unknown>, entities: readonly StageEntity[]): StageEntity {
  const name = String(label ?? "").toLowerCase();
  const owner =
    id !== undefined
      ? entities[Number(id) - 1]
      : (entities.find(({ expression, text }) => [expression, text].some((words) => words?.toLowerCase() === name)) ??
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
