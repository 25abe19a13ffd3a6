import * as z from "zod/mini";
import { EvaluatedPost } from "../../schemas/evaluation.ts";
import type { Described } from "../schema-comments.ts";
import { described, type Json } from "./components.ts";

/** The JSON Schema of a line of gold or of predictions, with the descriptions of the comments. */
export function buildEvaluatedPost(comments: ReadonlyMap<string, Described>): Json {
  const { $schema, ...schema } = z.toJSONSchema(EvaluatedPost, { io: "input", unrepresentable: "any" }) as Json;
  return { $schema, title: "EvaluatedPost", ...described(schema, comments.get("EvaluatedPost")) };
}
