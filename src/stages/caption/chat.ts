import { chatAdapter } from "../adapters/chat.ts";
import { paragraphOf } from "./paragraph.ts";
import { build, version } from "./prompts/describe.ts";

/** The prompt asks for 120 words, some 200 tokens. The rest is room for reasoning, or for a model that writes more. */
const MAXIMUM_TOKENS = 1_024;

/** Any chat model that takes pictures. */
export const chat = chatAdapter({
  stage: "caption",
  promptVersion: version,
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any chat model that takes pictures",
    returns: "one paragraph",
    cannot: "name people by their faces: the prompt forbids it",
    picture: "link",
  },
  async ask({ image }, { chat }) {
    const question = { messages: build({ image }), maximumTokens: MAXIMUM_TOKENS, schema: null, alternatives: 0 };
    return { caption: paragraphOf((await chat(question)).text) };
  },
});
