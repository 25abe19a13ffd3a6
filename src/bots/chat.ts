import { DurableObject } from "cloudflare:workers";
import { objectStorage } from "../storage/object-database.ts";
import type { ChatCalls, ChatState } from "./chat-state.ts";
import type { ChatDeployment } from "./deployment.ts";
import type { BotMessage } from "./platform.ts";

/** The class of the Durable Object for one chat of a bot: the messages that it has not answered yet. */
export function chatObject(deployment: ChatDeployment) {
  return class Chat extends DurableObject<Env> implements ChatCalls {
    #state: ChatState | null = null;

    async receive(message: BotMessage) {
      return (await this.#load()).receive(message);
    }

    async ended(job: string) {
      return (await this.#load()).ended(job);
    }

    override async alarm() {
      return (await this.#load()).alarm();
    }

    /** The code of bots is loaded by the first chat, because most isolates have none. */
    async #load(): Promise<ChatState> {
      const { ChatState } = await import("./chat-state.ts");
      this.#state ??= new ChatState({ ...objectStorage(this.ctx.storage), deployment });
      return this.#state;
    }
  };
}
