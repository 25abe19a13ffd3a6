import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Prediction } from "../../schemas/cog.ts";
import { type Mention, MnerOutput } from "../../schemas/stages/mner.ts";
import { readConll, type Sentence } from "../readers/conll.ts";
import { type Scores, scoreSpans, spansOf, type TokenSpan } from "../scorers/seqeval.ts";

/** Sentences asked for at a time; the stage runs one and lets 32 wait. */
const AT_ONCE = 8;

/**
 * `npm run eval -- mner FILE.conll [--json]`: seqeval's micro scores of the tagger at FUNCTIONS_URL, in percent, three
 * times: `tokens` (the file's tokens, against every gold entity), `tokens_without_handles` (entities inside @-handles
 * left out of gold and answer) and `text` (the tokens joined by spaces, as a caller would send them). The JSON's own
 * `precision`, `recall`, `f1` and `by_type` are the first's.
 *
 * @returns the exit code
 */
export async function evaluateMner(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    console.error("usage: npm run eval -- mner FILE.conll [--json]");
    return 2;
  }
  const sentences = await readFile(file, "utf8").then(readConll, (error: Error) => error);
  if (sentences instanceof Error) {
    console.error(`${file}: ${sentences.message}`);
    return 1;
  }
  const gold = sentences.map(({ labels }) => spansOf(labels));
  const byTokens = await predict(sentences, ({ tokens }) => ({ tokens }));
  const byText = await predict(sentences, ({ tokens }) => ({ text: tokens.join(" ") }));
  const handles = sentences.map(({ tokens }) => handleTokens(tokens));
  const withoutHandles = (all: TokenSpan[][]) =>
    all.map((spans, index) => spans.filter((span) => !touches(span, handles[index])));

  const tokens = scoreSpans(gold, byTokens);
  const tokens_without_handles = scoreSpans(withoutHandles(gold), withoutHandles(byTokens));
  const text = scoreSpans(gold, byText);
  if (values.json) {
    console.log(JSON.stringify({ ...tokens, sentences: sentences.length, tokens_without_handles, text }, null, 2));
  } else {
    console.log(`${sentences.length} sentences, seqeval micro, percent`);
    console.log(line("", { precision: "P", recall: "R", f1: "F1" }));
    console.log(line("tokens, every gold entity", tokens));
    for (const [type, scores] of Object.entries(tokens.by_type)) console.log(line(`  ${type}`, scores));
    console.log(line("tokens, handles left out", tokens_without_handles));
    console.log(line("plain text", text));
  }
  return 0;
}

function line(
  name: string,
  { precision, recall, f1 }: Record<"precision" | "recall" | "f1", number | string> | Scores,
): string {
  return (
    name.padEnd(28) +
    [precision, recall, f1].map((value) => (typeof value === "number" ? value.toFixed(2) : value).padStart(8)).join("")
  );
}

async function predict(
  sentences: readonly Sentence[],
  inputOf: (sentence: Sentence) => object,
): Promise<TokenSpan[][]> {
  const answers: TokenSpan[][] = [];
  for (let first = 0; first < sentences.length; first += AT_ONCE) {
    const some = sentences.slice(first, first + AT_ONCE);
    const mentions = await Promise.all(some.map((sentence) => ask(inputOf(sentence))));
    answers.push(...some.map(({ tokens }, index) => toTokens(tokens, mentions[index] ?? [])));
  }
  return answers;
}

async function ask(input: object): Promise<Mention[]> {
  const response = await fetch(`${process.env.FUNCTIONS_URL}/mner/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input }),
  });
  if (!response.ok) throw new Error(`the mner stage answered ${response.status}: ${await response.text()}`);
  const { status, output, error } = Prediction.parse(await response.json());
  if (status !== "succeeded") throw new Error(`the mner stage ${status}: ${error}`);
  return MnerOutput.parse(output).mentions;
}

/** Mentions in a text of tokens joined by one space, as spans of the tokens that they touch. */
export function toTokens(
  tokens: readonly string[],
  mentions: readonly Pick<Mention, "start" | "end" | "type">[],
): TokenSpan[] {
  let position = 0;
  const places = tokens.map((token) => {
    const start = position;
    position += token.length + 1;
    return { start, end: start + token.length };
  });
  return mentions.map(({ start, end, type }) => ({
    type,
    start: places.findIndex((place) => place.end > start),
    end: places.findLastIndex((place) => place.start < end) + 1,
  }));
}

/** Which tokens are the name of an @-handle: "@name", or the word behind a lone "@". */
export function handleTokens(tokens: readonly string[]): boolean[] {
  return tokens.map((token, index) => /^@./.test(token) || (tokens[index - 1] === "@" && /^\w+$/.test(token)));
}

const touches = ({ start, end }: TokenSpan, marked: readonly boolean[] = []) => marked.slice(start, end).includes(true);
