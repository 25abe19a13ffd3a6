import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { JobAnswer } from "../../../../schemas/jobs.ts";
import { readBindings, type World } from "../../../../src/bindings.ts";
import type { JobCalls } from "../../../../src/jobs/calls.ts";
import { jobObject } from "../../../../src/jobs/job.ts";
import { HEARTBEAT_MS } from "../../../../src/net/event-stream.ts";
import { sleep } from "../../../../src/resilience/sleep.ts";
import type { ScriptedCog } from "../../../support/scripted-cog.ts";
import { scriptedPost } from "../../harness.ts";
import { type Options, startCharged } from "../start-charged.ts";

type JobObject = JobCalls & { alarm(): Promise<void> };

interface JobOptions extends Options {
  /** True runs a job as soon as it begins; false leaves that to the test. */
  readonly runs?: boolean;
  /** Whether a job cannot be reached for a method. */
  readonly down?: (method: string) => boolean;
  /** Goes before each call of a job, and may wait. */
  readonly before?: (method: string) => Promise<void>;
}

const realBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/**
 * The app with accounts, and jobs whose models are scripted: objects of the class Job over the databases of real
 * Durable Objects. An alarm rings when the test says so, or at once.
 */
export async function startJobs({
  runs = true,
  down = () => false,
  before = async () => undefined,
  cog = scriptedPost(),
  ...rest
}: JobOptions = {}) {
  const objects = new Map<string, JobObject>();
  const running: Promise<unknown>[] = [];
  const sent: { readonly headers: Record<string, string>; readonly body: string }[] = [];
  let late = 0;
  /** The time of the app and its jobs. Accounts have the platform's. */
  const clock = () => Date.now() + late;
  const calls = { begun: 0, method: [] as string[] };
  const within = <T>(id: string, work: (job: JobObject) => Promise<T>): Promise<T> =>
    runInDurableObject(env.JOBS.getByName(id), (_, state) => {
      let job = objects.get(id);
      if (!job) {
        job = new Job(state, env as Env) as unknown as JobObject;
        objects.set(id, job);
      }
      return work(job);
    });
  const run = (id: string) => within(id, (job) => job.alarm());
  const jobs = {
    at: (id: string) =>
      new Proxy({} as JobCalls, {
        get:
          (_, method) =>
          async (...values: never[]) => {
            calls.method.push(String(method));
            await before(String(method));
            if (down(String(method))) throw new Error("the object is down");
            const answer = await within(
              id,
              (job) =>
                (job[method as keyof JobCalls] as (...values: never[]) => unknown)(...values) as Promise<unknown>,
            );
            if (method === "begin" && answer && runs) running.push(run(id));
            return answer;
          },
      }),
  };
  const fetchPublic: World["fetchPublic"] = async (url, init) => {
    const request = new Request(url, init as RequestInit);
    sent.push({ headers: Object.fromEntries(request.headers), body: await request.text() });
    return new Response(null, { status: 204 });
  };
  const world: World = { jobs, clock, sleep: patient, fetchPublic, ...rest.world };
  const charged = await startCharged({ ...rest, cog, world });
  const settings = { ...env, ACCESS: "keys", ...rest.variables } as Env;
  const Job = jobObject(
    readBindings(settings, {
      fetch: (cog as ScriptedCog).fetch,
      randomBytes: realBytes,
      log: () => undefined,
      ...world,
    }),
  );
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    charged.app.fetch(path, { method, headers: { ...charged.headers, ...headers } });
  return {
    ...charged,
    cog: cog as ScriptedCog,
    asked: calls.method,
    sent,
    send,
    within,
    run,
    pass: (milliseconds: number) => {
      late += milliseconds;
    },
    /** Begins a job; a request that prefers to be answered later. */
    begin: async (body: object = {}, headers: Record<string, string> = {}, path?: string): Promise<JobAnswer> => {
      const response = await charged.post(body, { prefer: "respond-async", ...headers }, path);
      if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as JobAnswer;
    },
    /** Resolves when every job that was begun has ended. */
    settled: () => Promise.all(running),
  };
}

/** A real sleep, of which a heartbeat's never ends. */
const patient: NonNullable<World["sleep"]> = (milliseconds, signal) =>
  milliseconds === HEARTBEAT_MS ? sleep(86_400_000, signal) : sleep(milliseconds, signal);
