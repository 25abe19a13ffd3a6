import { forwardTo, startChatServer } from "../chat/chat-server.ts";
import { goldChat, textOf } from "../chat/gold-chat.ts";
import { type ChatRow, chatTable } from "../report/chat-table.ts";
import { readCommandLine } from "./command-line.ts";
import { answerWith, readSentences } from "./configured.ts";

export const PHRASES_USAGE = `usage: npm run eval -- phrases FILE [--endpoint URL --model NAME] [--json]

Two ways of asking one chat model for names and their phrases, on the posts of FILE (CoNLL form): first MNER, then
EXPANSION; or both in one question (@text-phrases), and EXPANSION only for names without a phrase. Prints requests, round
trips, characters, tokens where the host counts them, F1, and how many entities have an expression.

--endpoint, --model   an OpenAI-compatible host and its model; ENDPOINT_CHAT_TOKEN is sent to it. Without them, a chat
                      server on this machine plays the model with the gold names of FILE.`;

/**
 * @param answer runs a file's posts through a stack with these variables
 * @returns the exit code: 1 when the file cannot be read or a stack fails, 2 when the command was called wrongly
 */
export async function evaluatePhrases(argv: string[], answer = answerWith): Promise<number> {
  const commandLine = readCommandLine(argv, PHRASES_USAGE, 1, ["endpoint", "model"]);
  if (typeof commandLine === "number") return commandLine;
  const [file = ""] = commandLine.operands;
  const { endpoint, model } = commandLine.values;
  if ((endpoint === undefined) !== (model === undefined)) {
    console.error(`--endpoint and --model go together\n${PHRASES_USAGE}`);
    return 2;
  }
  try {
    const sentences = await readSentences(file);
    const server = await startChatServer(endpoint ? forwardTo(endpoint) : goldChat(sentences), textOf);
    const entry = `openai:chat/${model ?? "gold"}`;
    const rows: ChatRow[] = [];
    const run = async (name: string, variant: string) => {
      const variables = { MNER: `${entry}@${variant}`, EXPANSION: entry, ENDPOINT_CHAT: server.url };
      const outcome = await answer(variables, file, "gmner");
      rows.push({ name, ...outcome, ...server.takeCosts() });
    };
    try {
      await run("two questions", "text");
      await run("one question", "text-phrases");
    } finally {
      await server.stop();
    }
    console.log(commandLine.json ? JSON.stringify(rows, null, 2) : chatTable("asked in", rows));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}
