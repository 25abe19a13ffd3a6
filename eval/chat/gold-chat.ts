import type { Sentence } from "../readers/conll.ts";
import { spansOf } from "../scorers/seqeval.ts";
import type { ChatRequest, Completion } from "./chat-server.ts";

/**
 * A chat model that knows the gold names of a corpus, as an upper bound of what a model can give: it answers a question
 * for names with the gold ones, and a question for phrases with one for each name. The phrases only stand for a model's
 * words: nothing scores them.
 */
export function goldChat(sentences: readonly Sentence[]): (request: ChatRequest) => Promise<Completion> {
  const known = new Map(sentences.map((sentence) => [keyOf(sentence.tokens.join(" ")), namesOf(sentence)]));
  return async (request) => {
    const question = questionOf(request);
    const { name } = request.response_format?.json_schema ?? {};
    const content =
      name === "expressions"
        ? { expressions: idsIn(question).map((id) => ({ id, expression: PHRASE })) }
        : { entities: (known.get(keyOf(textOf(request))) ?? []).map((one) => ({ ...one, expression: PHRASE })) };
    return { choices: [{ message: { content: JSON.stringify(content) } }] };
  };
}

const PHRASE = "the one that the text names";

/** The text of the post that a request is about; empty where the question has none. */
export function textOf(request: ChatRequest): string {
  const quoted = /^Text: ("(?:[^"\\]|\\.)*")/m.exec(questionOf(request))?.[1];
  return quoted === undefined ? "" : (JSON.parse(quoted) as string);
}

/** The text of the last message. */
function questionOf({ messages }: ChatRequest): string {
  const content = messages.at(-1)?.content;
  if (typeof content === "string") return content;
  const parts = Array.isArray(content) ? (content as Array<{ text?: string }>) : [];
  return parts.map(({ text = "" }) => text).join("\n");
}

function idsIn(question: string): string[] {
  return [...question.matchAll(/^- id ("(?:[^"\\]|\\.)*")/gm)].map(([, id = '""']) => JSON.parse(id) as string);
}

function namesOf({ tokens, labels }: Sentence): Array<{ text: string; type: string }> {
  return spansOf(labels).map(({ start, end, type }) => ({ text: tokens.slice(start, end).join(" "), type }));
}

/** A text's letters and digits: the Worker shows a model the text as people read it, without HTML entities. */
function keyOf(text: string): string {
  const readable = text.replace(/&#?\w+;/g, " ").normalize("NFKC");
  return readable.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
