import type { Judgement } from "../../../schemas/stages/entailment.ts";
import type { ChatReply } from "../../providers/chat.ts";
import { calibrate } from "../adapters/calibrate.ts";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import { StageError, type StageInput } from "../model.ts";
import { afterThoughts } from "../replies/extract-json.ts";
import { build, version } from "./prompts/yes-no.ts";

/**
 * The answer is the first; a few more let the words be read where the likelihoods are not told: "I'm sorry, but I
 * can't".
 */
const MAXIMUM_TOKENS = 8;
/** The most that hosts tell of (OpenAI, vLLM): a yes in five spellings should not push the no off the list. */
const ALTERNATIVES = 20;
/**
 * Yes and no together must be at least so likely as first token. With less the model began to say something else (a
 * thought, a refusal), and the ratio of the rest means nothing: set by hand.
 */
const LEAST = 0.1;

/** UTF-16 code units of a token that can be a yes or a no, whatever stands around it. */
const LONGEST_TOKEN = 40;

type Verdict = Omit<Judgement, "id">;

async function judge(
  { image, caption, entities: [entity] }: StageInput<"entailment">,
  talk: Talk,
): Promise<{ judgements: Judgement[] }> {
  if (!entity) return { judgements: [] };
  const question = {
    messages: build({ image, caption, entity }),
    maximumTokens: MAXIMUM_TOKENS,
    schema: null,
    alternatives: ALTERNATIVES,
  };
  try {
    const reply = await talk.chat(question, talk.attempt.signal, talk.attempt.again?.dialect);
    return { judgements: [{ id: entity.id, ...verdictOf(reply, talk) }] };
  } catch (error) {
    // A refusal is about this entity, and no fault of the stage's.
    if (!(error instanceof StageError && error.code === "refused")) throw error;
    return { judgements: [{ id: entity.id, ...unknown("vlm-answer", "refused") }] };
  }
}

function verdictOf({ text, firstTokens }: ChatReply, { entry, tools }: Talk): Verdict {
  const raw = firstTokens && probabilityOfYes(firstTokens);
  if (raw !== null) {
    const { score, calibrated } = calibrate(raw, tools.calibrations?.get(`${entry}#${version}`));
    return { visible: score >= 0.5, score, method: "vlm-logprobs", calibrated, reason: null };
  }
  const said = afterThoughts(text).trim();
  const [, answer] = /^\W*(?:answer\W+)?(yes|no)\b/i.exec(said) ?? [];
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
      said,
    );
  return unknown(firstTokens?.length ? "vlm-logprobs" : "vlm-answer", refuses ? "refused" : "undecided");
}

function unknown(method: string, reason: "refused" | "undecided"): Verdict {
  return { visible: null, score: null, method, calibrated: false, reason };
}

/**
 * P(yes) of both, over every spelling (hosted-apis section 3.7); null where the model was about to say something else.
 */
function probabilityOfYes(tokens: NonNullable<ChatReply["firstTokens"]>): number | null {
  const sum = (word: string) =>
    tokens.reduce((all, { token, logprob }) => all + (wordOf(token) === word ? Math.exp(logprob) : 0), 0);
  const [yes, no] = [sum("yes"), sum("no")];
  return yes + no >= LEAST && Number.isFinite(yes + no) ? yes / (yes + no) : null;
}

/** A token's word without what tokenisers and models put around it: "ĠYes", "▁yes", "**YES", "No.". */
function wordOf(token: string): string {
  // A pattern that looks for an end takes the square of what is before it.
  if (token.length > LONGEST_TOKEN) return "";
  return token
    .replace(/[ĠĊ]/g, "")
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "")
    .toLowerCase();
}

/** Any chat model that looks at pictures, by how likely its first token is to be a yes or a no. */
export const yesNo = chatAdapter({
  stage: "entailment",
  promptVersion: version,
  // Likelihoods are told of one first token.
  batch: 1,
  card: {
    title: "any chat model that looks at pictures, asked for one word",
    returns:
      "the probability of a yes against that of a no; a bare yes or no where the host tells no log-probabilities",
    cannot:
      "give a calibrated probability until constants are configured for it (CALIBRATION); models are biased to yes",
    picture: "link",
  },
  ask: judge,
});
