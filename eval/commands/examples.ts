import { fileURLToPath } from "node:url";
import type { Box } from "../../schemas/primitives.ts";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { GroundingOutput } from "../../schemas/stages/grounding.ts";
import { postJson, predictStage } from "../readers/post-json.ts";
import { readMasks, readPicture, readPosts } from "../readers/posts.ts";
import { examplesTable } from "../report/examples-table.ts";
import { type AnsweredPost, scoreExamples } from "../scorers/examples-score.ts";
import { readCommandLine } from "./command-line.ts";

const FOLDER = fileURLToPath(new URL("../../examples", import.meta.url));

export const EXAMPLES_USAGE = `usage: npm run eval -- examples [--json]

Score the posts of examples/ against what was drawn by hand: visibility, boxes and masks, beside two baselines.`;

/**
 * Score the running stack (NAMESIGHT_URL, FUNCTIONS_URL) on the posts of `examples/`, beside two baselines over the
 * same mentions.
 * @returns the exit code: 2 when the command was called wrongly. Throws when the stack does not answer.
 */
export async function evaluateExamples(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, EXAMPLES_USAGE, 0);
  if (typeof commandLine === "number") return commandLine;
  const { NAMESIGHT_URL: api, FUNCTIONS_URL: functions } = process.env;
  if (!api || !functions) {
    console.error("NAMESIGHT_URL and FUNCTIONS_URL are not set: they name the stack; npm run eval starts one.");
    return 2;
  }
  const posts = await readPosts(FOLDER);
  const answered: AnsweredPost[] = [];
  for (const post of posts) {
    const image = await readPicture(FOLDER, post);
    const { entities } = RecognizeAnswer.parse(await postJson(`${api}/v1/recognize`, { text: post.text, image }));
    answered.push({ post, entities, person: await largestPerson(functions, image) });
  }
  const report = scoreExamples(answered, await readMasks(FOLDER, posts));
  console.log(commandLine.json ? JSON.stringify(report) : examplesTable(report));
  return 0;
}

/** The box that grounding gives a PER without a name: the baseline that always points at the largest person. */
async function largestPerson(functions: string, image: string): Promise<Box | null> {
  const entities = [{ id: "person", type: "PER", expression: "a person" }];
  const output = GroundingOutput.parse(await predictStage(functions, "grounding", { image, entities }));
  return output.groundings[0]?.regions[0]?.box ?? null;
}
