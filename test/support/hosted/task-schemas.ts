import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Schema, Validator } from "@cfworker/json-schema";

/**
 * Tasks whose wire formats are published as JSON Schema (`@huggingface/tasks`, `src/tasks/<task>/spec/`; hosted-apis
 * section 2.5).
 */
export type PublishedTask =
  | "token-classification"
  | "zero-shot-image-classification"
  | "zero-shot-object-detection"
  | "image-to-text"
  | "chat-completion";

const folder = join(dirname(createRequire(import.meta.url).resolve("@huggingface/tasks/package.json")), "src/tasks");
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8")) as Schema;

/** Where a body differs from the published schema; empty where it does not. */
export function differences(task: PublishedTask, side: "input" | "output", body: unknown): string[] {
  const validator = new Validator(mended(task, side, read(`${task}/spec/${side}.json`)), "7", false);
  validator.addSchema({ ...read("common-definitions.json"), $id: "/inference/schemas/common-definitions.json" });
  return validator.validate(body).errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

/** The schema as it is published. */
export const publishedSchema = (task: PublishedTask, side: "input" | "output"): Schema =>
  read(`${task}/spec/${side}.json`);

/** One schema contradicts itself: it describes `generated_text` and requires `generatedText`, which nobody sends. */
function mended(task: PublishedTask, side: "input" | "output", schema: Schema): Schema {
  return task === "image-to-text" && side === "output" ? { ...schema, required: ["generated_text"] } : schema;
}
