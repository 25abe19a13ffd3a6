import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type answerWith, outcomeOf, readSentences } from "../../eval/commands/configured.ts";

/** A file of two different texts, one of them twice. */
export function goldFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), "namesight-eval-")), "posts.conll");
  writeFileSync(file, "Ted\tB-PER\nCruz\tI-PER\n\nHouston\tB-LOC\n\nHouston\tB-LOC\n");
  return file;
}

/** In place of a stack: asks the chat server about every post when the chain has a chat model, and answers the gold. */
export function stackWith(runs: Array<Readonly<Record<string, string>>>): typeof answerWith {
  return async (variables, path) => {
    runs.push(variables);
    const endpoint = variables.ENDPOINT_GOLD ?? variables.ENDPOINT_CHAT;
    const sentences = await readSentences(path);
    const questions = variables.MNER?.includes("openai") ? sentences : [];
    for (const { tokens } of questions) {
      await fetch(`${endpoint}/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ model: "gold", messages: [{ role: "user", content: `Text: "${tokens.join(" ")}"` }] }),
      });
    }
    return outcomeOf(
      sentences,
      sentences.map(() => ({ spans: [], entities: 1, expressions: 0 })),
    );
  };
}
