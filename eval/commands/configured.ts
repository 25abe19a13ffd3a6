import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { readConll, type Sentence } from "../readers/conll.ts";
import { postJson } from "../readers/post-json.ts";
import { toTokens } from "../scorers/mention-tokens.ts";
import { type Scores, scoreSpans, spansOf, type TokenSpan } from "../scorers/seqeval.ts";

/** Posts in flight. */
const CONCURRENCY = 8;

const Answered = z.object({
  spans: z.array(z.object({ type: z.string(), start: z.number(), end: z.number() })),
  entities: z.number(),
  expressions: z.number(),
});
type Answered = z.infer<typeof Answered>;

/** What a stack made of a file of sentences. */
export interface Outcome extends Scores {
  readonly sentences: number;
  readonly entities: number;
  /** Entities that have an expression. */
  readonly expressions: number;
}

/**
 * Reads a file in CoNLL form, each text once: the same text would be asked twice and share its calls. Throws, with the
 * file's name, when it cannot be read.
 */
export async function readSentences(file: string): Promise<Sentence[]> {
  try {
    const sentences = readConll(await readFile(file, "utf8"));
    return [...new Map(sentences.map((sentence) => [sentence.tokens.join(" "), sentence])).values()];
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/**
 * Answers the sentences of a file with a stack of these variables, which is started for it and ended after it.
 *
 * @param task as in a request: `mner` for names alone
 */
export async function answerWith(
  variables: Readonly<Record<string, string>>,
  file: string,
  task: "mner" | "gmner",
): Promise<Outcome> {
  const { NAMESIGHT_URL: _, FUNCTIONS_URL: __, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "scripts/with-stack.ts", "eval/index.ts", "answers", file, task],
    { env: { ...environment, ...variables }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    printed += part;
  });
  const status = await new Promise<number | null>((ended) => child.once("exit", ended));
  if (status !== 0) throw new Error(`a stack with ${JSON.stringify(variables)} ended with ${status}`);
  return outcomeOf(await readSentences(file), z.array(Answered).parse(JSON.parse(printed)));
}

/** Scores answers in the order of the sentences. */
export function outcomeOf(sentences: readonly Sentence[], answers: readonly Answered[]): Outcome {
  const { by_type: _, ...scores } = scoreSpans(
    sentences.map(({ labels }) => spansOf(labels)),
    answers.map(({ spans }) => spans),
  );
  const sum = (count: (answer: Answered) => number) => answers.reduce((total, answer) => total + count(answer), 0);
  return {
    ...scores,
    sentences: sentences.length,
    entities: sum(({ entities }) => entities),
    expressions: sum(({ expressions }) => expressions),
  };
}

/**
 * `npm run eval -- answers FILE TASK`: the running stack's answers as JSON, for the commands that compare stacks.
 *
 * @returns the exit code
 */
export async function printAnswers([file = "", task = ""]: string[]): Promise<number> {
  const sentences = await readSentences(file);
  const answers: Answered[] = [];
  for (let first = 0; first < sentences.length; first += CONCURRENCY) {
    const some = sentences.slice(first, first + CONCURRENCY);
    answers.push(...(await Promise.all(some.map((sentence) => answerOf(sentence, task)))));
  }
  console.log(JSON.stringify(answers));
  return 0;
}

async function answerOf({ tokens }: Sentence, task: string): Promise<Answered> {
  const body = { tokens, task, max_entities: 100, store: false };
  const { entities } = RecognizeAnswer.parse(await postJson(`${process.env.NAMESIGHT_URL}/v1/recognize`, body));
  const mentions = entities.flatMap(({ type, mentions: places }) => places.map((place) => ({ ...place, type })));
  const spans: TokenSpan[] = toTokens(tokens, mentions);
  return {
    spans,
    entities: entities.length,
    expressions: entities.filter(({ expression }) => expression !== null).length,
  };
}
