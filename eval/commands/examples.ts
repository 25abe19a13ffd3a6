import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Box } from "../../schemas/primitives.ts";
import { GroundingOutput } from "../../schemas/stages/grounding.ts";
import { type RecordedAnswer, readRecord, ScoredAnswer, writeRecord } from "../readers/answers.ts";
import { readSet, SET_NAMES, type SetName, type SetPost } from "../readers/example-sets.ts";
import { postJson, predictStage } from "../readers/post-json.ts";
import { examplesTable } from "../report/examples-table.ts";
import { type AnsweredPost, type SetReport, scoreExamples } from "../scorers/examples-score.ts";
import { readCommandLine } from "./command-line.ts";

export const EXAMPLES_USAGE = `usage: npm run eval -- examples [--json] [--set photos|open|blind] [--pictures DIR]
                                [--record FILE] [--before FILE]

Score posts with pictures against what was drawn by hand: visibility, whose box it is, and masks, beside baselines.
Three sets: the photos of examples/, and the open and the blind half of eval/data/pictures*.jsonl.

--set NAME       one set alone
--pictures DIR   write the composed pictures there
--record FILE    write the scored part of the answers there, as JSON lines
--before FILE    score recorded answers as the system "before"`;

/** The models of the running stack. */
interface Stack {
  readonly api: string;
  readonly functions: string;
}

/**
 * Score the running stack (NAMESIGHT_URL, FUNCTIONS_URL) on sets of posts, beside two baselines over the same mentions
 * and beside recorded answers.
 * @returns the exit code: 2 when the command was called wrongly. Throws when the stack does not answer.
 */
export async function evaluateExamples(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, EXAMPLES_USAGE, 0, ["set", "pictures", "record", "before"]);
  if (typeof commandLine === "number") return commandLine;
  const { set, pictures, record, before } = commandLine.values;
  const names = SET_NAMES.filter((name) => set === undefined || name === set);
  if (names.length === 0) {
    console.error(`there is no set ${set}\n${EXAMPLES_USAGE}`);
    return 2;
  }
  const { NAMESIGHT_URL: api, FUNCTIONS_URL: functions } = process.env;
  if (!api || !functions) {
    console.error("NAMESIGHT_URL and FUNCTIONS_URL are not set: they name the stack; npm run eval starts one.");
    return 2;
  }
  const recorded = before ? readRecord(await readFile(before, "utf8")) : [];
  const reports: Partial<Record<SetName, SetReport | null>> = {};
  const answers: RecordedAnswer[] = [];
  for (const name of names) {
    const posts = await readSet(name);
    if (posts && pictures && name !== "photos") await writePictures(pictures, posts);
    const answered = posts && (await answerPosts({ api, functions }, name, posts, recorded));
    answers.push(
      ...(answered ?? []).map(({ post, entities }) => ({ set: name, id: post.id, entities: [...entities] })),
    );
    reports[name] = answered && scoreExamples(answered);
  }
  if (record) await writeFile(record, writeRecord(answers));
  console.log(commandLine.json ? JSON.stringify(reports) : examplesTable(reports));
  return 0;
}

async function answerPosts(
  { api, functions }: Stack,
  set: SetName,
  posts: readonly SetPost[],
  recorded: readonly RecordedAnswer[],
): Promise<AnsweredPost[]> {
  const answered: AnsweredPost[] = [];
  for (const post of posts) {
    const { text, image } = post;
    const { entities } = ScoredAnswer.parse(await postJson(`${api}/v1/recognize`, { text, image }));
    const before = recorded.find((answer) => answer.set === set && answer.id === post.id)?.entities ?? null;
    answered.push({ post, entities, people: await findPeople(functions, image), before });
  }
  return answered;
}

/** As many people as a picture of the sets has, and more. */
const PEOPLE = 6;
/** Least score of a person, as the detector gives it. */
const SURE_PERSON = 0.5;

/** The boxes that grounding gives people without a name: for the baseline that hands them out by size. */
async function findPeople(functions: string, image: string): Promise<Box[]> {
  const entities = Array.from({ length: PEOPLE }, (_, index) => {
    return { id: `person-${index}`, type: "PER", expression: "a person" };
  });
  const { groundings } = GroundingOutput.parse(await predictStage(functions, "grounding", { image, entities }));
  const regions = groundings.flatMap((grounding) => grounding.regions);
  const boxes = regions.filter(({ score }) => score === null || score >= SURE_PERSON).map(({ box }) => box);
  return [...new Map(boxes.map((box) => [JSON.stringify(box), box])).values()];
}

async function writePictures(folder: string, posts: readonly SetPost[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { id, image } of posts) {
    const [, format = "", base64 = ""] = /^data:image\/(\w+);base64,(.*)$/.exec(image) ?? [];
    await writeFile(join(folder, `${id}.${format}`), Buffer.from(base64, "base64"));
  }
}
