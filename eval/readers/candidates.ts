import * as z from "zod/mini";
import { BoxCorners } from "../../schemas/evaluation.ts";
import { checked } from "./checked.ts";
import { readJsonLines } from "./json-lines.ts";
import { readText } from "./text-file.ts";

const Candidates = z.strictObject({ id: z.string(), boxes: z.array(BoxCorners) });

/**
 * Reads the boxes among which a system chose, by the post's id, from JSON lines `{"id", "boxes"}`. Throws an error that
 * names the line when one is malformed.
 */
export async function readCandidates(file: string): Promise<Map<string, BoxCorners[]>> {
  try {
    const read = (value: unknown) => checked(Candidates, value, "the line");
    const posts = readJsonLines(await readText(file), 'not {"id", "boxes"}', read);
    return new Map(posts.map(({ id, boxes }) => [id, boxes]));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
