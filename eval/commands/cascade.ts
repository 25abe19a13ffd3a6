import { startChatServer } from "../chat/chat-server.ts";
import { goldChat, textOf } from "../chat/gold-chat.ts";
import { type ChatRow, chatTable } from "../report/chat-table.ts";
import { readCommandLine } from "./command-line.ts";
import { answerWith, readSentences } from "./configured.ts";

export const CASCADE_USAGE = `usage: npm run eval -- cascade FILE [--thresholds 0.5,0.8,0.9] [--json]

How many calls of a language model a cascade saves, against F1: the embedded tagger answers, and the model is asked only
where the tagger is less sure than the threshold (MNER_CASCADE). A chat server on this machine plays the model with the
gold names of FILE (CoNLL form), so the F1 is an upper bound. "none" is the tagger alone, "all" the model alone.`;

const THRESHOLDS = "0.5,0.7,0.8,0.9,0.95,0.99";
const TAGGER = "cog:local/mner";
const GOLD = "openai:gold/gold@text";

/**
 * @param answer runs a file's posts through a stack with these variables
 * @returns the exit code: 1 when the file cannot be read or a stack fails, 2 when the command was called wrongly
 */
export async function evaluateCascade(argv: string[], answer = answerWith): Promise<number> {
  const commandLine = readCommandLine(argv, CASCADE_USAGE, 1, ["thresholds"]);
  if (typeof commandLine === "number") return commandLine;
  const [file = ""] = commandLine.operands;
  const thresholds = (commandLine.values.thresholds ?? THRESHOLDS).split(",").map((value) => value.trim());
  if (!thresholds.every((value) => Number(value) > 0 && Number(value) <= 1)) {
    console.error(`a threshold is above 0 and at most 1\n${CASCADE_USAGE}`);
    return 2;
  }
  try {
    const server = await startChatServer(goldChat(await readSentences(file)), textOf);
    const rows: ChatRow[] = [];
    const run = async (name: string, MNER: string, MNER_CASCADE = "") => {
      const outcome = await answer({ MNER, MNER_CASCADE, ENDPOINT_GOLD: server.url }, file, "mner");
      rows.push({ name, ...outcome, ...server.takeCosts() });
    };
    try {
      await run("none", TAGGER);
      for (const threshold of thresholds) await run(threshold, `${TAGGER}, ${GOLD}`, threshold);
      await run("all", GOLD);
    } finally {
      await server.stop();
    }
    console.log(commandLine.json ? JSON.stringify(rows, null, 2) : chatTable("threshold", rows));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}
