import * as z from "zod/mini";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import { nounPhrase } from "../adapters/noun-phrase.ts";
import { type FileInput, type ResultOf, StageError, type StageInput } from "../model.ts";
import { askJson } from "../replies/ask-json.ts";
import { afterThoughts } from "../replies/extract-json.ts";
import * as phrases from "./prompts/phrases.ts";
import * as riveg from "./prompts/riveg.ts";

const Reply = z.object({ expressions: z.array(z.object({ id: z.string(), expression: z.string() })) });

/** Maximum names in one question: the default of `max_entities`. With more, models begin to leave some out. */
const BATCH = 25;
/** Tokens for reasoning, and for one phrase of 35 words with its id. */
const REASONING_TOKENS = 1_024;
const PHRASE_TOKENS = 64;

/**
 * All names of a post in one question. An expression that is not a plain phrase is left out. None at all is an error,
 * so that the next model is tried.
 */
async function describeAll(input: StageInput<"expansion">, talk: Talk): Promise<ResultOf<"expansion">> {
  const maximumTokens = REASONING_TOKENS + PHRASE_TOKENS * input.entities.length;
  const { expressions } = await askJson(
    { messages: phrases.build(input), name: "expressions", schema: Reply, maximumTokens },
    talk,
  );
  return described(input.entities.flatMap(({ id }) => expressions.find((answer) => answer.id === id) ?? []));
}

/** One name per question, as RiVEG asks. */
async function describeOne(input: FileInput<"expansion", 1>, { chat }: Talk): Promise<ResultOf<"expansion">> {
  const messages = riveg.build(input);
  const maximumTokens = REASONING_TOKENS + PHRASE_TOKENS;
  const { text } = await chat({ messages, maximumTokens, schema: null, alternatives: 0 });
  return described([{ id: input.entity.id, expression: afterThoughts(text) }]);
}

function described(answers: z.infer<typeof Reply>["expressions"]): ResultOf<"expansion"> {
  const expressions = answers.flatMap(({ id, expression }) => {
    const phrase = nounPhrase(expression);
    return phrase ? { id, text: phrase, method: "llm" as const } : [];
  });
  if (expressions.length === 0) throw new StageError("invalid_output", "described none of the names in plain words");
  return { expressions };
}

/** Any chat model. It sees no picture, only its caption. `@riveg` asks as RiVEG does. */
export const chat = chatAdapter({
  stage: "expansion",
  promptVersion: phrases.version,
  batch: BATCH,
  card: {
    title:
      "any chat model: one question for all names of a post; with @riveg behind the model's name one question for each name, as RiVEG asks",
    returns: "a noun phrase for each name, for a detector to find it by",
    cannot: "see the picture: it knows the text and the caption",
    picture: "none",
  },
  variants: { riveg: { promptVersion: riveg.version, batch: 1, ask: describeOne } },
  ask: describeAll,
});
