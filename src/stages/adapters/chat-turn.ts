import type { ChatMessage } from "../../providers/chat.ts";

/**
 * What a user says, with a picture where there is one. Words alone stay a plain string: a host of text models takes
 * nothing else.
 */
export function userTurn(text: string, image?: string | undefined): ChatMessage {
  if (image === undefined) return { role: "user", content: text };
  return {
    role: "user",
    content: [
      { type: "image_url", image_url: { url: image } },
      { type: "text", text },
    ],
  };
}

/** An example of ours: what is asked, and the reply that we want. */
export function exampleTurns(asked: string, reply: string): readonly ChatMessage[] {
  return [
    { role: "user", content: asked },
    { role: "assistant", content: reply },
  ];
}
