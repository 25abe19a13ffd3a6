import { nextNumber, timesInTurn } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { type PostBody, type PostTemplate, postTemplate, textOf } from "../edge/post.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS } from "../edge/setups.ts";
import type { Figure } from "../figures.ts";
import { answerAtOnce, answerInOneRequest, answerOfJob, beginJob, endOfJob, get, runBatch } from "../jobs/calls.ts";
import { delaysOf, type EventSource, type EventTimes, readEventTimes } from "../jobs/event-delay.ts";
import type { LoggedAnswer } from "../models/answer-log.ts";
import { median, quantile } from "../statistics.ts";

/** Every stage at models by Cog's protocol. A post without a picture asks two of them. */
const CHAINS = { ...SETUPS.batching.chains, MNER: "cog:bench/mner", EXPANSION: "cog:bench/expansion" };
const ENTITIES = 3;
const MOST_RATIO = 1.1;

const SIZES = {
  /** Jobs of one round that are accepted, over so many connections. */
  accepts: { jobs: 150, connections: 8, rounds: 3 },
  /** Posts of one way to ask, sent so many milliseconds apart. */
  whole: { texts: 20, pictures: 20, apart: 400, bytes: 50_000 },
  /** Streams that are read, so many at the same time. */
  events: { rounds: 6, together: 4 },
  batch: { posts: 1_000, warming: 100, concurrent: 20 },
};
export type JobSizes = typeof SIZES;

/**
 * Measures jobs beside the same work in the response to a request: how many a second are accepted, the time until a
 * result, the delay of events, and a batch over single calls.
 */
export async function benchJobs(session: Session, _note?: unknown, sizes: JobSizes = SIZES): Promise<Figure[]> {
  const text = await postTemplate(textOf(ENTITIES), null);
  const picture = await postTemplate(textOf(ENTITIES), await jpegOf(sizes.whole.bytes));
  const figures: Figure[] = [];
  await session.at(CHAINS, async ({ product }) => {
    await session.configure(SETUPS.batching, PROFILES.second);
    // The first calls are slower, and count nowhere.
    await Promise.all([answerAtOnce(product, text.at(nextNumber())), answerOfJob(product, picture.at(nextNumber()))]);
    const { texts, pictures, apart } = sizes.whole;
    figures.push(...(await overSync("post without a picture", product, text, texts, apart)));
    figures.push(...(await overSync("post with a picture", product, picture, pictures, apart)));
    figures.push(...(await eventDelays(session, product, text, sizes.events)));
    figures.push(await acceptRate(product, text, sizes.accepts));
  });
  await session.at(CHAINS, async ({ product }) => {
    await session.configure(SETUPS.batching, PROFILES.quick);
    figures.push(await batchOverCalls(product, text, sizes.batch));
  });
  return figures;
}

/** Jobs over the same posts answered at once: the time until the caller has the result. */
async function overSync(
  name: string,
  product: string,
  template: PostTemplate,
  posts: number,
  apart: number,
): Promise<Figure[]> {
  const ways = [answerAtOnce, answerOfJob, answerInOneRequest];
  const sends = ways.map((way) => (number: number) => way(product, template.at(number)));
  const [sync = [], job = [], one = []] = await timesInTurn(sends, posts, apart);
  const figure = (way: string, times: readonly number[], share: number): Figure => {
    const [ours, base] = [quantile(times, share), quantile(sync, share)];
    return {
      bench: "jobs",
      name: `${name}, ${way}, ${share === 0.5 ? "median" : "95th percentile"}`,
      value: ours / base,
      unit: "×",
      goal: { most: MOST_RATIO },
      detail: `${Math.round(ours)} ms over ${Math.round(base)} ms`,
    };
  };
  return [0.5, 0.95].flatMap((share) => [figure("job and its result", job, share), figure("Prefer: wait", one, share)]);
}

/** How long after a model's answer its event reaches the reader, by where the events are read. */
async function eventDelays(
  { models }: Session,
  product: string,
  template: PostTemplate,
  { rounds, together }: JobSizes["events"],
): Promise<Figure[]> {
  const read: Record<EventSource, EventTimes[]> = { job: [], stream: [] };
  for (let round = 0; round < rounds; round++) {
    for (const source of ["stream", "job"] as const) {
      const streams = Array.from({ length: together }, () => readEventTimes(product, template, source));
      read[source].push(...(await Promise.all(streams)));
    }
  }
  const answers = (await (await get(`${models.url}/answers`)).json()) as LoggedAnswer[];
  return (["job", "stream"] as const).map((source) => {
    const delays = delaysOf(read[source], answers);
    return {
      bench: "jobs",
      name: source === "job" ? "delay of a job's events, 95th percentile" : "the same of the stream of a request",
      value: quantile(delays, 0.95),
      unit: "ms",
      detail: `median ${median(delays).toFixed(1)} ms of ${delays.length}; ${together} streams at a time`,
    };
  });
}

/** Jobs a second that are accepted. Every one of them must end with a result. */
async function acceptRate(
  product: string,
  template: PostTemplate,
  { jobs, connections, rounds }: JobSizes["accepts"],
): Promise<Figure> {
  const [accepted, ended]: [number[], number[]] = [[], []];
  while (accepted.length < rounds) {
    const ids: string[] = [];
    const started = performance.now();
    const perSecond = () => jobs / ((performance.now() - started) / 1_000);
    await inFlight(postsOf(template, jobs), connections, async (post) => void ids.push(await beginJob(product, post)));
    accepted.push(perSecond());
    await inFlight(ids, connections, (id) => endOfJob(product, id));
    ended.push(perSecond());
  }
  return {
    bench: "jobs",
    name: "jobs accepted",
    value: median(accepted),
    unit: "/s",
    detail: `${connections} connections, ${jobs} jobs; with their results ${Math.round(median(ended))}/s`,
  };
}

/** The time of a batch over that of its posts as single calls, as many at a time. */
async function batchOverCalls(
  product: string,
  template: PostTemplate,
  { posts, warming, concurrent }: JobSizes["batch"],
): Promise<Figure> {
  const callAll = async (count: number) => {
    const started = performance.now();
    await inFlight(postsOf(template, count), concurrent, (post) => answerAtOnce(product, post));
    return (performance.now() - started) / 1_000;
  };
  const batchAll = (count: number) => runBatch(product, postsOf(template, count), concurrent);
  await callAll(warming);
  await batchAll(warming);
  // Half of the calls before the batch and half behind it, so that what else the machine does meets both.
  const before = await callAll(posts / 2);
  const batch = await batchAll(posts);
  const calls = before + (await callAll(posts / 2));
  return {
    bench: "jobs",
    name: `batch of ${posts} lines over as many calls, ${concurrent} at a time`,
    value: batch / calls,
    unit: "×",
    detail: `${batch.toFixed(1)} s over ${calls.toFixed(1)} s; models of ${PROFILES.quick.ms.mner} ms`,
  };
}

function postsOf(template: PostTemplate, count: number): PostBody[] {
  return Array.from({ length: count }, () => template.at(nextNumber()));
}

/** Does work for each item, so many at a time. */
async function inFlight<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<void>) {
  const waiting = [...items];
  const takeTurns = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
}
