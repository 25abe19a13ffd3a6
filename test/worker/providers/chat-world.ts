import { type Chat, type ChatQuestion, createChat } from "../../../src/providers/chat.ts";
import { openAiSend } from "../../../src/providers/openai.ts";
import type { HostScript } from "../../support/hosted/script.ts";
import { type CalmWorld, caption, captioner, runnerOf, startWorld } from "./start.ts";

/** A JSON Schema, and a question in free text without log-probabilities. */
export const schema = {
  name: "answer",
  schema: { type: "object", properties: { caption: { type: "string" } }, required: ["caption"] },
};
export const question: ChatQuestion = {
  messages: [{ role: "user", content: "?" }],
  maximumTokens: 20,
  schema: null,
  alternatives: 0,
};

/** A chat host whose model `m` answers with these replies. */
export const startChatHost = (replies: readonly unknown[], script: HostScript = {}): Promise<CalmWorld> =>
  startWorld({ ...script, replies: { "chat m": replies } });

export const startChat = (world: CalmWorld, token: string | null = "t0ken"): Chat =>
  createChat("m", openAiSend({ endpoint: new URL(world.session.at("chat/v1")), token }, world));

/** The bodies of the requests that the host received. */
export const bodiesOf = async ({ session }: CalmWorld): Promise<Record<string, unknown>[]> =>
  (await session.calls()).map(({ body }) => body as Record<string, unknown>);

/** The reply to a question that the pipeline asks, repeated attempts included; null when it gives up. */
export async function askThroughPipeline(world: CalmWorld, chat: Chat, asked: ChatQuestion): Promise<string | null> {
  const model = captioner("openai:test/m", async (_, { signal }) => caption((await chat(asked, signal)).text));
  return (await runnerOf([model], world).run("caption", {}))?.caption ?? null;
}
