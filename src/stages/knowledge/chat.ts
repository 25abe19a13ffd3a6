import { chatAdapter } from "../adapters/chat.ts";
import { paragraphOf } from "../caption/paragraph.ts";
import { build, version } from "./prompts/analysis.ts";

/** The prompt asks for 120 words, some 200 tokens. The rest is room for reasoning, or for a model that writes more. */
const MAXIMUM_TOKENS = 1_024;

/** Any chat model. It sees no picture, only its caption. */
export const chat = chatAdapter({
  stage: "knowledge",
  promptVersion: version,
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any chat model, asked in the form of PGIM: similar posts with their analyses, then the post",
    returns: "one paragraph about the names of the post",
    cannot: "see the picture: it knows the text and the caption",
    picture: "none",
  },
  async ask(input, { chat }) {
    const question = { messages: build(input), maximumTokens: MAXIMUM_TOKENS, schema: null, alternatives: 0 };
    return { knowledge: paragraphOf((await chat(question)).text) };
  },
});
