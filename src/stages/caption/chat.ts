import { chatAdapter } from "../adapters/chat.ts";
import { paragraphOf } from "./paragraph.ts";
import { build, version } from "./prompts/describe.ts";

/**
 * 120 words are some 200 tokens; the rest is for a model that thinks aloud, or does not count: what is too long is cut
 * at a sentence here.
 */
const MAXIMUM_TOKENS = 1_024;

/** Any chat model that looks at pictures. */
export const chat = chatAdapter({
  stage: "caption",
  promptVersion: version,
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any chat model that looks at pictures",
    returns: "one paragraph",
    cannot: "say who somebody is: it is told not to",
    picture: "link",
  },
  async ask({ image }, { chat, attempt }) {
    const question = { messages: build({ image }), maximumTokens: MAXIMUM_TOKENS, schema: null, alternatives: 0 };
    const { text } = await chat(question, attempt.signal, attempt.again?.dialect);
    return { caption: paragraphOf(text) };
  },
});
