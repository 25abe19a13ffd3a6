import { describe, expect, test } from "vitest";
import { ProblemError } from "../../../schemas/problem.ts";
import type { ChatDeployment } from "../../../src/bots/deployment.ts";
import type { BotMessage, Platform } from "../../../src/bots/platform.ts";
import { sentencesOf } from "../../../src/bots/sentences.ts";
import { answerOf, beginJobs, dropJobs, jobIdsOf, mostOf } from "../../../src/bots/work.ts";
import type { JobOrder } from "../../../src/jobs/calls.ts";
import { MemoryBudget } from "../../../src/resilience/memory-budget.ts";
import { NOON } from "../../support/accounts/account.ts";
import { ANSWER, PNG } from "../../support/bots/test-chat.ts";

const EN = sentencesOf("en");
const LENGTHS = { caption: 1_024, text: 4_096 };
const MESSAGE = {
  id: "7",
  chat: "telegram/bot/42",
  text: "Felix sleeps",
  pictures: [
    { id: "a", bytes: PNG.length },
    { id: "b", bytes: null },
  ],
} as unknown as BotMessage;
const SEEN = { partial: false, entities: [{ text: "Felix", type: "PER", visible: true, regions: [{ id: "r1" }] }] };

interface Job {
  readonly state: string;
  readonly answer?: object;
  readonly charge?: string;
}

/** A deployment with these jobs, in place of the Durable Objects. */
function deploymentOf(jobs: Record<string, Job> = {}, more: object = {}) {
  const log: string[] = [];
  const orders: JobOrder[] = [];
  const at = (id: string) => ({
    begin: async (order: JobOrder) => void orders.push(order),
    facts: async () =>
      jobs[id] ? { state: jobs[id].state, charge: jobs[id].charge ? { amount_usd: jobs[id].charge } : null } : null,
    result: async () => (jobs[id]?.answer ? { answer: JSON.stringify(jobs[id].answer) } : null),
    cancel: async () => {
      log.push(`cancel ${id}`);
      return at(id).facts();
    },
  });
  const deployment = {
    clock: () => NOON,
    timer: () => new AbortController().signal,
    memory: new MemoryBudget(() => NOON),
    storeMs: 3_000,
    deadlineMs: 30_000,
    publicUrl: null,
    botAccount: { name: null, dailyLimit: null },
    jobs: { at },
    jobPictures: {
      put: async (_: string, id: string) => void log.push(`put ${id}`),
      delete: async (_: string, ids: string[]) => void log.push(`delete ${ids}`),
    },
    ...more,
  } as unknown as ChatDeployment;
  return { deployment, log, orders };
}
const platform = (bytes: Uint8Array) => ({ picture: async () => bytes }) as unknown as Platform;
const read = (jobs: Record<string, Job>, isLastTry = false, more: object = {}) =>
  answerOf(Object.keys(jobs), isLastTry, LENGTHS, EN, deploymentOf(jobs, more).deployment);

test("a message has one job for each picture, of the same name each time, and none of another chat", async () => {
  const ids = await jobIdsOf(MESSAGE);
  expect(new Set([...ids, ...(await jobIdsOf({ ...MESSAGE, chat: "telegram/bot/43" }))]).size).toBe(4);
  expect(await jobIdsOf(MESSAGE)).toEqual(ids);
});

test("the most that a message may cost is that of each picture, and nothing where nobody pays", () => {
  const paid = deploymentOf({}, { botAccount: { name: "bots", dailyLimit: null } }).deployment;
  const one = mostOf({ ...MESSAGE, pictures: MESSAGE.pictures.slice(1) }, paid);
  expect(one).toBeGreaterThan(0);
  expect(mostOf(MESSAGE, paid)).toBe(2 * one);
  expect(mostOf(MESSAGE, deploymentOf().deployment)).toBe(0);
});

describe("the jobs of a message", () => {
  test("begin when all pictures are stored", async () => {
    const { deployment, log, orders } = deploymentOf();
    expect(await beginJobs(MESSAGE, ["j1", "j2"], platform(PNG), deployment)).toBe("begun");
    expect(log).toEqual(["put j1", "put j2"]);
    expect(orders).toMatchObject([
      { id: "j1", chat: MESSAGE.chat, fields: { text: "Felix sleeps", store: false }, image: { kind: "stored" } },
      { id: "j2" },
    ]);
  });

  test("do not begin for what is no picture", async () => {
    const { deployment, orders } = deploymentOf();
    const begun = await beginJobs(MESSAGE, ["j1", "j2"], platform(new TextEncoder().encode("text")), deployment);
    expect([begun, orders]).toEqual(["not_a_picture", []]);
  });

  test("end with their pictures, and say what they were charged", async () => {
    const { deployment, log } = deploymentOf({
      j1: { state: "succeeded", charge: "0.000000030" },
      j2: { state: "canceled" },
    });
    expect(await dropJobs(["j1", "j2"], deployment)).toBe(30);
    expect(await dropJobs([], deployment)).toBe(0);
    expect(log).toEqual(["cancel j1", "cancel j2", "delete j1,j2"]);
  });
});

describe("the answer", () => {
  test("waits for the last job", async () => {
    expect(await read({ j1: { state: "succeeded", answer: ANSWER }, j2: { state: "running" } })).toBeNull();
  });

  test("has what was charged, and says where a job failed", async () => {
    const jobs = { j1: { state: "succeeded", answer: ANSWER, charge: "0.002" }, j2: { state: "failed" } };
    expect(await read(jobs)).toEqual({
      text: { text: `Felix (person): not in the picture\n${EN.partial}`, names: [{ start: 0, end: 5 }] },
      pictures: [],
      charged: 2_000_000,
    });
    expect((await read({ j1: { state: "expired" }, j2: { state: "failed" } }))?.text.text).toBe(EN.failed);
  });

  test("goes without a picture that cannot be drawn on, at once or after the last try", async () => {
    const failing = (error: Error) => ({ jobPictures: { get: () => Promise.reject(error) } });
    const jobs = { j1: { state: "succeeded", answer: SEEN } };
    const without = `Felix (person): in the picture\n${EN.notDrawn}`;
    const never = failing(new ProblemError("overlay_not_drawable", "x"));
    expect((await read(jobs, false, never))?.text.text).toBe(without);
    const now = failing(new Error("the store is away"));
    await expect(read(jobs, false, now)).rejects.toThrow();
    expect((await read(jobs, true, now))?.text.text).toBe(without);
  });
});
