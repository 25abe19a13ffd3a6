import * as z from "zod/mini";
import { byteLength } from "../../../schemas/encodings.ts";
import type { Usage } from "../model.ts";
import { StageError } from "../model.ts";
import { readShape } from "../replies/read-shape.ts";

/**
 * The vectors in a reply: one for each text, all of one length and of finite numbers. Throws a `StageError` for
 * anything else, such as a vector for each token.
 */
export function vectorsIn(reply: unknown, texts: readonly string[]): number[][] {
  const vectors = readShape(z.array(z.array(z.number())), reply);
  const [first] = vectors;
  const fits = first && first.length > 0 && vectors.every(({ length }) => length === first.length);
  if (!fits || vectors.length !== texts.length)
    throw new StageError("invalid_output", "did not answer with one vector for each text");
  return vectors;
}

/** The most tokens that texts can have: one for each byte. */
export function mostTokens(texts: readonly string[]): Pick<Usage, "inputTokens"> {
  return { inputTokens: texts.reduce((sum, text) => sum + byteLength(text), 0) };
}
