import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Schema, Validator } from "@cfworker/json-schema";

/** Tasks whose wire formats are published as JSON Schema (`@huggingface/tasks`, `src/tasks/<task>/spec/`). */
export type PublishedTask =
  | "token-classification"
  | "zero-shot-image-classification"
  | "zero-shot-object-detection"
  | "image-to-text"
  | "chat-completion";

const folder = join(dirname(createRequire(import.meta.url).resolve("@huggingface/tasks/package.json")), "src/tasks");
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8")) as Schema;

/** The differences between a body and the published schema. */
export function differences(task: PublishedTask, side: "input" | "output", body: unknown): string[] {
  const validator = new Validator(mended(task, side, read(`${task}/spec/${side}.json`)), "7", false);
  validator.addSchema({ ...read("common-definitions.json"), $id: "/inference/schemas/common-definitions.json" });
  return validator.validate(body).errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

/** The published schema, unchanged. */
export const publishedSchema = (task: PublishedTask, side: "input" | "output"): Schema =>
  read(`${task}/spec/${side}.json`);

/** One schema contradicts itself: it describes `generated_text` and requires `generatedText`, which no host sends. */
function mended(task: PublishedTask, side: "input" | "output", schema: Schema): Schema {
  return task === "image-to-text" && side === "output" ? { ...schema, required: ["generated_text"] } : schema;
}
