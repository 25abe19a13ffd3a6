import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type Dependencies, readBindings, type World } from "../../../src/bindings.ts";
import { chatObject } from "../../../src/bots/chat.ts";
import { jobObject } from "../../../src/jobs/job.ts";
import { sleep } from "../../../src/resilience/sleep.ts";
import type { ScriptedCog } from "../../support/scripted-cog.ts";
import { startApp } from "../harness.ts";

type Alarmed = { alarm(): Promise<void> };
type Opened = Map<string, Alarmed>;

/**
 * The app with bots: chats and jobs over the databases of real Durable Objects, whose alarms ring when the test says.
 *
 * @param fetch in place of the network
 * @param name of the one chat that the test asks about
 */
export function startChats(
  cog: ScriptedCog,
  fetch: NonNullable<World["fetch"]>,
  name: string,
  variables: Readonly<Record<string, unknown>>,
) {
  const lines: object[] = [];
  let late = 0;
  const clock = () => Date.now() + late;
  const world: World = {
    fetch,
    clock,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: (line) => void lines.push(line),
    sleep,
  };
  const settings = { ...env, ...variables } as unknown as Env;
  const alarms = new Map<string, number>();
  const namespaces: Record<"CHATS" | "JOBS", Opened> = { CHATS: new Map(), JOBS: new Map() };
  const bound = {
    CHATS: { getByName: (chat: string) => callsOf("CHATS", chat) },
    JOBS: { getByName: (job: string) => callsOf("JOBS", job) },
  };
  const dependencies: Dependencies = readBindings({ ...settings, ...bound } as unknown as Env, world);
  const classes = { CHATS: chatObject(dependencies), JOBS: jobObject(dependencies) };

  function within<T>(kind: "CHATS" | "JOBS", object: string, work: (object: Alarmed) => Promise<T>): Promise<T> {
    return runInDurableObject(env[kind].getByName(object), (_, state) => {
      let opened = namespaces[kind].get(object);
      if (!opened) {
        opened = new classes[kind](ownAlarm(state, alarms, object), settings) as unknown as Alarmed;
        namespaces[kind].set(object, opened);
      }
      return work(opened);
    });
  }
  function callsOf(kind: "CHATS" | "JOBS", object: string): object {
    const get = (_: object, method: string) => {
      if (method === "then") return undefined;
      return (...values: unknown[]) =>
        within(
          kind,
          object,
          (opened) =>
            (opened as never as Record<string, (...given: unknown[]) => Promise<unknown>>)[method]?.(
              ...structuredClone(values),
            ) as Promise<unknown>,
        );
    };
    return new Proxy({}, { get });
  }
  const { fetch: ask } = startApp(cog, world, { ...settings, ...bound });
  return {
    ask,
    clock,
    lines,
    pass: (milliseconds: number) => {
      late += milliseconds;
    },
    jobs: () => [...namespaces.JOBS.keys()],
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
