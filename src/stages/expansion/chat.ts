import * as z from "zod/mini";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import { plainWords } from "../adapters/quote.ts";
import type { ResultOf } from "../adapters/replicate.ts";
import { StageError, type StageInput } from "../model.ts";
import { askJson } from "../replies/ask-json.ts";
import { afterThoughts } from "../replies/extract-json.ts";
import * as phrases from "./prompts/phrases.ts";
import * as riveg from "./prompts/riveg.ts";

const Reply = z.object({ expressions: z.array(z.object({ id: z.string(), expression: z.string() })) });

/**
 * Names in one question: as many as a request answers when it does not say (`DEFAULTS.maxEntities`); with more, models
 * begin to leave some out.
 */
const BATCH = 25;
/** RiVEG's own expressions have 35 words at most (measured on 2,604: reference riveg, section 1.2). */
const LONGEST = 300;
/** Room for a model that thinks aloud, and for a phrase of 35 words with its id. */
const THOUGHTS = 1_024;
const PHRASE = 64;

/**
 * All names of a post in one question. An expression that is no plain phrase is left out; none at all is an error, so
 * that another model may try.
 */
async function describeAll(input: StageInput<"expansion">, talk: Talk): Promise<ResultOf<"expansion">> {
  if (input.entities.length === 0) return { expressions: [] };
  const maximumTokens = THOUGHTS + PHRASE * input.entities.length;
  const { expressions } = await askJson(
    { messages: phrases.build(input), name: "expressions", schema: Reply, maximumTokens },
    talk,
  );
  return described(
    input,
    input.entities.flatMap(({ id }) => expressions.find((answer) => answer.id === id) ?? []),
  );
}

/** RiVEG's way: one name a question. */
async function describeOne(input: StageInput<"expansion">, { chat, attempt }: Talk): Promise<ResultOf<"expansion">> {
  const [entity] = input.entities;
  if (!entity) return { expressions: [] };
  const messages = riveg.build({ ...input, entity });
  const question = { messages, maximumTokens: THOUGHTS + PHRASE, schema: null, alternatives: 0 };
  const { text } = await chat(question, attempt.signal, attempt.again?.dialect);
  return described(input, [{ id: entity.id, expression: afterThoughts(text) }]);
}

function described(
  { entities }: StageInput<"expansion">,
  answers: z.infer<typeof Reply>["expressions"],
): ResultOf<"expansion"> {
  const expressions = answers.flatMap(({ id, expression }) => {
    const words = plainWords(expression, LONGEST);
    // Detectors read a phrase, not a sentence.
    const phrase = words?.replace(/^["'“‘]+|["'”’.]+$/gu, "").trim();
    return phrase ? { id, text: phrase, method: "llm" as const } : [];
  });
  if (expressions.length === 0 && entities.length > 0)
    throw new StageError("invalid_output", "described none of the names in plain words");
  return { expressions };
}

/** Any chat model, without the picture: what it shows comes as the caption. `@riveg` asks as RiVEG does. */
export const chat = chatAdapter({
  stage: "expansion",
  promptVersion: phrases.version,
  batch: BATCH,
  card: {
    title:
      "any chat model: one question for all names of a post; with @riveg behind the model's name one question a name, as RiVEG asks",
    returns: "a noun phrase for each name, by which a detector can find it",
    cannot: "see the picture: it knows the text and the caption",
    picture: "none",
  },
  variants: { riveg: { promptVersion: riveg.version, batch: 1, ask: describeOne } },
  ask: describeAll,
});
