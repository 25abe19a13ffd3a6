import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type Dependencies, readBindings, type World } from "../../../src/bindings.ts";
import { chatObject } from "../../../src/bots/chat.ts";
import { telegramSecret } from "../../../src/bots/telegram-secret.ts";
import { jobObject } from "../../../src/jobs/job.ts";
import { sleep } from "../../../src/resilience/sleep.ts";
import { TelegramChat } from "../../support/bots/telegram-chat.ts";
import { telegramFetch } from "../../support/bots/telegram-fetch.ts";
import { blackPng } from "../../support/png.ts";
import type { ScriptedCog } from "../../support/scripted-cog.ts";
import { SIZE, scriptedPost, startApp } from "../harness.ts";

const TELEGRAM = "https://telegram.test";
type Alarmed = { alarm(): Promise<void> };

let chats = 0;

/**
 * The app with a bot of Telegram: chats and jobs over the databases of real Durable Objects, whose alarms ring when the
 * test says so, a scripted Telegram, and scripted models.
 */
export async function startBot({ cog = scriptedPost(), fetch }: { cog?: ScriptedCog; fetch?: World["fetch"] } = {}) {
  const telegram = new TelegramChat();
  // One for each test: Durable Objects outlive them.
  const chatId = 1_000 + ++chats;
  const lines: object[] = [];
  let late = 0;
  const toTelegram = telegramFetch(telegram);
  const world: World = {
    fetch: (url, init) => (url.origin === TELEGRAM ? toTelegram(url, init) : (fetch ?? cog.fetch)(url, init)),
    clock: () => Date.now() + late,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: (line) => void lines.push(line),
    sleep,
  };
  const settings = { ...env, TELEGRAM_TOKEN: telegram.token, TELEGRAM_API: TELEGRAM } as Env;
  const alarms = new Map<string, number>();
  const namespaces: Record<"CHATS" | "JOBS", Opened> = { CHATS: new Map(), JOBS: new Map() };
  const bound = {
    CHATS: { getByName: (name: string) => callsOf("CHATS", name) },
    JOBS: { getByName: (name: string) => callsOf("JOBS", name) },
  };
  const dependencies: Dependencies = readBindings({ ...settings, ...bound } as unknown as Env, world);
  const classes = { CHATS: chatObject(dependencies), JOBS: jobObject(dependencies) };

  function within<T>(kind: "CHATS" | "JOBS", name: string, work: (object: Alarmed) => Promise<T>): Promise<T> {
    return runInDurableObject(env[kind].getByName(name), (_, state) => {
      let object = namespaces[kind].get(name);
      if (!object) {
        object = new classes[kind](ownAlarm(state, alarms, name), settings) as unknown as Alarmed;
        namespaces[kind].set(name, object);
      }
      return work(object);
    });
  }
  function callsOf(kind: "CHATS" | "JOBS", name: string): object {
    const get = (_: object, method: string) => {
      if (method === "then") return undefined;
      return (...values: unknown[]) =>
        within(
          kind,
          name,
          (object) =>
            (object as never as Record<string, (...given: unknown[]) => Promise<unknown>>)[method]?.(
              ...structuredClone(values),
            ) as Promise<unknown>,
        );
    };
    return new Proxy({}, { get });
  }
  const { fetch: ask } = startApp(cog, world, { ...settings, ...bound });
  const secret = await telegramSecret(telegram.token, telegram.bot);
  const name = `telegram/${telegram.bot.toLowerCase()}/${chatId}`;
  let messages = 0;
  return {
    telegram,
    lines,
    secret,
    /** What the chat shows, the oldest first. */
    shown: () => [...telegram.shown.values()].map(({ text }) => text),
    pass: (milliseconds: number) => {
      late += milliseconds;
    },
    jobs: () => [...namespaces.JOBS.keys()],
    /** Posts a body to the webhook. */
    post: (body: BodyInit, given: string | null = secret, bot: string = telegram.bot) =>
      ask(`/hooks/telegram/${bot}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(given !== null && { "x-telegram-bot-api-secret-token": given }),
        },
        body,
      }),
    /** An update with a message of the chat, as the API has it. */
    update: (message: object, id = ++messages) => {
      const from = { id: 5, is_bot: false, first_name: "Ada", language_code: "en" };
      const chat = { id: chatId, type: "private", first_name: "Ada" };
      return { update_id: id, message: { message_id: id, date: 0, from, chat, ...message } };
    },
    /** A photo of the scripted post, which Telegram has. */
    photo: async (more: object = {}) => {
      const id = `photo${chatId}-${telegram.files.size}`;
      telegram.files.set(id, new Uint8Array(await blackPng(SIZE.width, SIZE.height)));
      return { photo: [{ file_id: id, file_unique_id: id, width: 80, height: 60 }], ...more };
    },
    ring: () => within("CHATS", name, (object) => object.alarm()),
    runJob: (id: string) => within("JOBS", id, (object) => object.alarm()),
    /** The process of every object ends; their databases stay. */
    kill: () => {
      for (const opened of Object.values(namespaces)) opened.clear();
    },
    rows: (table: string) =>
      runInDurableObject(env.CHATS.getByName(name), (_, { storage }) =>
        storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
      ),
    alarm: () => alarms.get(name) ?? null,
  };
}

type Opened = Map<string, Alarmed>;

/** An object's state whose alarm is kept by the test: the platform would ring it for an object without a bot. */
function ownAlarm(state: DurableObjectState, alarms: Map<string, number>, name: string): DurableObjectState {
  const own: Partial<DurableObjectStorage> = {
    getAlarm: async () => alarms.get(name) ?? null,
    setAlarm: async (time) => void alarms.set(name, Number(time)),
    deleteAlarm: async () => void alarms.delete(name),
  };
  for (const [key, value] of Object.entries(own))
    Object.defineProperty(state.storage, key, { value, configurable: true });
  return state;
}
