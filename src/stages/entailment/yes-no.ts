import type { Judgement } from "../../../schemas/stages/entailment.ts";
import type { ChatReply } from "../../providers/chat.ts";
import { calibrate } from "../adapters/calibrate.ts";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import { type FileInput, StageError } from "../model.ts";
import { afterThoughts } from "../replies/extract-json.ts";
import { build, version } from "./prompts/yes-no.ts";

/** One token for the answer, and a few more to recognise a refusal in words: "I'm sorry, but I can't". */
const MAXIMUM_TOKENS = 8;
/** The most that OpenAI and vLLM return. With fewer, five spellings of "yes" could push "no" off the list. */
const ALTERNATIVES = 20;
/**
 * Least probability of "yes" and "no" together as the first token. With less, the model began something else
 * (reasoning, a refusal), and the ratio of the two means nothing. Set by hand.
 */
const LEAST_MASS = 0.1;

/** The longest token that can be a yes or a no with marks around it, in UTF-16 code units. */
const LONGEST_TOKEN = 40;

type Verdict = Omit<Judgement, "id">;

async function judge(
  { image, caption, entity }: FileInput<"entailment", 1>,
  talk: Talk,
): Promise<{ judgements: Judgement[] }> {
  const question = {
    messages: build({ image, caption, entity }),
    maximumTokens: MAXIMUM_TOKENS,
    schema: null,
    alternatives: ALTERNATIVES,
  };
  try {
    const reply = await talk.chat(question);
    return { judgements: [{ id: entity.id, ...verdictOf(reply, talk) }] };
  } catch (error) {
    // A refusal concerns this entity alone and is not a failure of the stage.
    if (!(error instanceof StageError && error.code === "refused")) throw error;
    return { judgements: [{ id: entity.id, ...undecided("vlm-answer", "refused") }] };
  }
}

function verdictOf({ text, firstTokens: tokens }: ChatReply, { calibration }: Talk): Verdict {
  const firstTokens = tokens?.slice(0, ALTERNATIVES) ?? null;
  const raw = firstTokens && probabilityOfYes(firstTokens);
  if (raw !== null) {
    const { score, calibrated } = calibrate(raw, calibration);
    return { visible: score >= 0.5, score, method: "vlm-logprobs", calibrated, reason: null };
  }
  const words = afterThoughts(text).trim();
  const [, answer] = /^\W*(?:answer\W+)?(yes|no)\b/i.exec(words) ?? [];
  if (answer)
    return {
      visible: answer.toLowerCase() === "yes",
      score: null,
      method: "vlm-answer",
      calibrated: false,
      reason: null,
    };
  const refuses =
    /^\W*(?:(?:i['’]?m|i am)\s+(?:really\s+|very\s+)?(?:sorry|unable)|sorry|i\s+(?:can['’]?t|cannot|won['’]?t))\b/i.test(
      words,
    );
  return undecided(firstTokens?.length ? "vlm-logprobs" : "vlm-answer", refuses ? "refused" : "undecided");
}

function undecided(method: string, reason: "refused" | "undecided"): Verdict {
  return { visible: null, score: null, method, calibrated: false, reason };
}

/**
 * P(yes) / (P(yes) + P(no)), over every spelling of both (docs/reference/hosted-models.md, "Yes or no"). Null where the
 * model began another answer.
 */
function probabilityOfYes(tokens: NonNullable<ChatReply["firstTokens"]>): number | null {
  const sum = (word: string) =>
    tokens.reduce((all, { token, logprob }) => all + (wordOf(token) === word ? Math.exp(logprob) : 0), 0);
  const [yes, no] = [sum("yes"), sum("no")];
  return yes + no >= LEAST_MASS && Number.isFinite(yes + no) ? yes / (yes + no) : null;
}

/** A token's word without the marks of tokenisers and models around it: "ĠYes", "▁yes", "**YES", "No.". */
function wordOf(token: string): string {
  // The pattern below takes quadratic time.
  if (token.length > LONGEST_TOKEN) return "";
  return token
    .replace(/[ĠĊ]/g, "")
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "")
    .toLowerCase();
}

/** Any chat model that takes pictures, by the probability that its first token is a yes or a no. */
export const yesNo = chatAdapter({
  stage: "entailment",
  promptVersion: version,
  // Log-probabilities are read of the first token alone.
  batch: 1,
  card: {
    title: "any chat model that takes pictures, asked for one word",
    returns: "the probability of yes against no; a bare yes or no where the host returns no log-probabilities",
    cannot: `give a calibrated probability until CALIBRATION has constants for ENTRY#${version}; models are biased to yes`,
    picture: "link",
  },
  ask: judge,
});
