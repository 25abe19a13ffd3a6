import { DurableObject } from "cloudflare:workers";
import { databaseOf } from "../storage/object-database.ts";
import { type ChatCalls, ChatState } from "./chat-state.ts";
import type { ChatDeployment } from "./deployment.ts";
import type { BotMessage } from "./platform.ts";

/** The class of the Durable Object for one chat of a bot: the messages that it has not answered yet. */
export function chatObject(deployment: ChatDeployment) {
  return class Chat extends DurableObject<Env> implements ChatCalls {
    readonly #state: ChatState;

    constructor(context: DurableObjectState, env: Env) {
      super(context, env);
      const { storage } = context;
      this.#state = new ChatState({
        database: databaseOf(storage),
        alarm: { get: () => storage.getAlarm(), set: (time) => storage.setAlarm(time) },
        clear: async () => {
          await storage.deleteAlarm();
          await storage.deleteAll();
        },
        deployment,
      });
    }

    receive(message: BotMessage) {
      return this.#state.receive(message);
    }

    ended(job: string) {
      return this.#state.ended(job);
    }

    override alarm() {
      return this.#state.alarm();
    }
  };
}
