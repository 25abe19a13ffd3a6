import { readFile } from "node:fs/promises";
import { type Mention, MnerOutput } from "../../schemas/stages/mner.ts";
import { readConll, type Sentence } from "../readers/conll.ts";
import { predictStage } from "../readers/post-json.ts";
import { type MnerReport, mnerTable } from "../report/mner-table.ts";
import { toTokens, withoutHandles } from "../scorers/mention-tokens.ts";
import { scoreSpans, spansOf, type TokenSpan } from "../scorers/seqeval.ts";
import { readCommandLine } from "./command-line.ts";

export const MNER_USAGE = `usage: npm run eval -- mner FILE.conll [--json]

Score mention recognition against a file in CoNLL form: precision, recall and F1 of seqeval, in percent.`;

/** Sentences in flight; the stage runs one at a time and queues 32. */
const CONCURRENCY = 8;

/**
 * `npm run eval -- mner FILE.conll [--json]`: seqeval's micro scores of the tagger at FUNCTIONS_URL, in percent, three
 * times: `tokens` (the file's tokens, against every gold entity), `tokens_without_handles` (entities inside @-handles
 * left out of gold and answer) and `text` (the tokens joined by spaces, as a caller would send them). The JSON's own
 * `precision`, `recall`, `f1` and `by_type` are those of `tokens`.
 *
 * @returns the exit code: 1 when the file cannot be read, 2 when the command was called wrongly. Throws when the stage
 * does not answer.
 */
export async function evaluateMner(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, MNER_USAGE, 1);
  if (typeof commandLine === "number") return commandLine;
  const { FUNCTIONS_URL: functions } = process.env;
  const [file] = commandLine.operands;
  if (!functions || file === undefined) {
    console.error("FUNCTIONS_URL is not set: it names the functions host; npm run eval starts one.");
    return 2;
  }
  const sentences = await readFile(file, "utf8").then(readConll, (error: Error) => error);
  if (sentences instanceof Error) {
    console.error(`${file}: ${sentences.message}`);
    return 1;
  }
  const gold = sentences.map(({ labels }) => spansOf(labels));
  const byTokens = await predict(functions, sentences, ({ tokens }) => ({ tokens }));
  const byText = await predict(functions, sentences, ({ tokens }) => ({ text: tokens.join(" ") }));
  const handlesLeftOut = (all: readonly TokenSpan[][]) =>
    sentences.map(({ tokens }, index) => withoutHandles(tokens, all[index] ?? []));
  const report: MnerReport = {
    ...scoreSpans(gold, byTokens),
    sentences: sentences.length,
    tokens_without_handles: scoreSpans(handlesLeftOut(gold), handlesLeftOut(byTokens)),
    text: scoreSpans(gold, byText),
  };
  console.log(commandLine.json ? JSON.stringify(report, null, 2) : mnerTable(report));
  return 0;
}

async function predict(
  functions: string,
  sentences: readonly Sentence[],
  inputOf: (sentence: Sentence) => object,
): Promise<TokenSpan[][]> {
  const answers: TokenSpan[][] = [];
  for (let first = 0; first < sentences.length; first += CONCURRENCY) {
    const batch = sentences.slice(first, first + CONCURRENCY);
    const mentions = await Promise.all(batch.map((sentence) => predictMentions(functions, inputOf(sentence))));
    answers.push(...batch.map(({ tokens }, index) => toTokens(tokens, mentions[index] ?? [])));
  }
  return answers;
}

async function predictMentions(functions: string, input: object): Promise<Mention[]> {
  return MnerOutput.parse(await predictStage(functions, "mner", input)).mentions;
}
