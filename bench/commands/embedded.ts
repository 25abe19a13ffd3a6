import type { Figure } from "../figures.ts";
import { closedLoop } from "../load/closed-loop.ts";
import { exampleSender } from "../load/send.ts";

/** Posts that are always in flight, and how many are sent of them. */
const LOADS = [
  { concurrent: 1, posts: 30 },
  { concurrent: 4, posts: 32 },
  { concurrent: 16, posts: 48 },
];
/** Posts before the first that counts, besides the cold one. */
const WARMING = 5;
const GOAL_MS = { most: 250 };

/** The embedded models by the examples' posts, each with a picture of its own: cold, warm, and many at a time. */
export async function benchEmbedded(
  { worker, functions }: { worker: string; functions: string },
  loads = LOADS,
): Promise<Figure[]> {
  const posts = loads.reduce((sum, load) => sum + load.posts, 1 + WARMING);
  // The pictures are made first: the processor is what is measured.
  const send = await exampleSender(worker, posts);
  const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
    bench: "embedded",
    name,
    value,
    unit,
    ...more,
  });
  const cold = await send(0);
  if (cold.outcome !== "whole") throw new Error("the first post has no whole answer");
  const figures = [figure("first answer", cold.ms, "ms")];
  await closedLoop({ concurrent: 1, posts: WARMING, first: 1 }, send);
  let first = 1 + WARMING;
  for (const { concurrent, posts } of loads) {
    const { whole, others, perSecond, p50, p95 } = await closedLoop({ concurrent, posts, first }, send);
    first += posts;
    const name = concurrent === 1 ? "one post at a time" : `${concurrent} posts at a time`;
    const goal = concurrent === 1 ? { goal: GOAL_MS } : {};
    figures.push(
      figure(`${name}, p50`, p50, "ms", { ...goal, detail: `${whole} whole, ${others} others` }),
      figure(`${name}, p95`, p95, "ms"),
      figure(`${name}, throughput`, perSecond, "/s"),
    );
  }
  const { rss_mb } = (await (await fetch(`${functions}/health`)).json()) as { rss_mb: number };
  return [...figures, figure("memory of the functions", rss_mb, "MB")];
}
