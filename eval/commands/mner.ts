import { readFile } from "node:fs/promises";
import { MnerAnswer } from "../../schemas/stage-routes.ts";
import { type Mention, MnerOutput } from "../../schemas/stages/mner.ts";
import { readConll, type Sentence } from "../readers/conll.ts";
import { type GoldPost, readGoldPosts } from "../readers/gold-posts.ts";
import { postJson, predictStage } from "../readers/post-json.ts";
import { goldPostsTable } from "../report/gold-posts-table.ts";
import { mnerTable } from "../report/mner-table.ts";
import { scorePosts } from "../scorers/gold-posts-score.ts";
import { toTokens, withinMarks, withoutHandles } from "../scorers/mention-tokens.ts";
import { scoreSpans, spansOf, type TokenSpan } from "../scorers/seqeval.ts";
import { readCommandLine } from "./command-line.ts";

export const MNER_USAGE = `usage: npm run eval -- mner FILE [--json]

Score mention recognition: precision, recall and F1 of exact spans with their types, in percent.
FILE is in CoNLL form, or ends in .jsonl and has one post a line, as eval/data/posts.jsonl has.`;

/** Requests in flight; the stage runs one at a time and queues 32. */
const CONCURRENCY = 8;

interface Stack {
  /** The Worker's origin. */
  readonly api: string;
  /** The functions host's origin. */
  readonly functions: string;
}

/**
 * `npm run eval -- mner FILE [--json]`. A file in CoNLL form is scored three times, with seqeval's micro scores:
 * - `precision`, `recall`, `f1`, `by_type`: the file's tokens are sent to FUNCTIONS_URL, and every gold entity counts;
 * - `tokens_without_handles`: the same, without the entities inside @-handles;
 * - `text`: the tokens are joined by spaces and sent to NAMESIGHT_URL, as a caller would send them.
 * `handles` and `hashtags` say how many gold entities are a handle or a hashtag, and how many of those were found. The
 * posts of a `.jsonl` file are sent to NAMESIGHT_URL and scored together and by kind.
 *
 * @returns the exit code: 1 when the file cannot be read, 2 when the command was called wrongly. Throws when the stage
 * does not answer.
 */
export async function evaluateMner(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, MNER_USAGE, 1);
  if (typeof commandLine === "number") return commandLine;
  const { NAMESIGHT_URL: api, FUNCTIONS_URL: functions } = process.env;
  const [file] = commandLine.operands;
  if (!api || !functions || file === undefined) {
    console.error("NAMESIGHT_URL and FUNCTIONS_URL are not set: they name the stack; npm run eval starts one.");
    return 2;
  }
  const read: (text: string) => readonly GoldPost[] | readonly Sentence[] = file.endsWith(".jsonl")
    ? readGoldPosts
    : readConll;
  const content = await readFile(file, "utf8")
    .then(read)
    .catch((error: Error) => error);
  if (content instanceof Error) {
    console.error(`${file}: ${content.message}`);
    return 1;
  }
  const { report, table } = isPosts(content)
    ? await evaluatePosts(content, api)
    : await evaluateSentences(content, { api, functions });
  console.log(commandLine.json ? JSON.stringify(report, null, 2) : table);
  return 0;
}

const isPosts = (items: readonly GoldPost[] | readonly Sentence[]): items is readonly GoldPost[] =>
  items[0] !== undefined && "text" in items[0];

async function evaluatePosts(posts: readonly GoldPost[], api: string) {
  const report = scorePosts(posts, await inBatches(posts, ({ text }) => askApi(api, text)));
  return { report, table: goldPostsTable(report) };
}

async function evaluateSentences(sentences: readonly Sentence[], { api, functions }: Stack) {
  const gold = sentences.map(({ labels }) => spansOf(labels));
  const toSpans = (all: readonly Mention[][]) => sentences.map(({ tokens }, at) => toTokens(tokens, all[at] ?? []));
  const byTokens = toSpans(
    await inBatches(
      sentences,
      async ({ tokens }) => MnerOutput.parse(await predictStage(functions, "mner", { tokens })).mentions,
    ),
  );
  const byText = toSpans(await inBatches(sentences, ({ tokens }) => askApi(api, tokens.join(" "))));
  const eachOf = (keep: typeof withoutHandles, all: readonly TokenSpan[][]) =>
    sentences.map(({ tokens }, at) => keep(tokens, all[at] ?? []));
  const marked = (mark: "@" | "#") => {
    const within: typeof withoutHandles = (tokens, spans) => withinMarks(tokens, spans, mark);
    const right = (all: readonly TokenSpan[][]) => scoreSpans(eachOf(within, gold), eachOf(within, all)).right;
    return { gold: eachOf(within, gold).flat().length, found_in_tokens: right(byTokens), found_in_text: right(byText) };
  };
  const report = {
    ...scoreSpans(gold, byTokens),
    sentences: sentences.length,
    tokens_without_handles: scoreSpans(eachOf(withoutHandles, gold), eachOf(withoutHandles, byTokens)),
    text: scoreSpans(gold, byText),
    handles: marked("@"),
    hashtags: marked("#"),
  };
  return { report, table: mnerTable(report) };
}

async function inBatches<Item>(items: readonly Item[], ask: (item: Item) => Promise<Mention[]>): Promise<Mention[][]> {
  const answers: Mention[][] = [];
  for (let first = 0; first < items.length; first += CONCURRENCY) {
    answers.push(...(await Promise.all(items.slice(first, first + CONCURRENCY).map(ask))));
  }
  return answers;
}

async function askApi(api: string, text: string): Promise<Mention[]> {
  return MnerAnswer.parse(await postJson(`${api}/v1/mner`, { text })).mentions;
}
