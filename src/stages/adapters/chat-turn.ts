import type { ChatMessage } from "../../providers/chat.ts";

/** A user's turn, with the picture if there is one. Text alone is a plain string: text models accept nothing else. */
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

/** A few-shot example: a question and the reply to it. */
export function exampleTurns(question: string, reply: string): readonly ChatMessage[] {
  return [
    { role: "user", content: question },
    { role: "assistant", content: reply },
  ];
}
