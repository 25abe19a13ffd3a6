import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import { Bar } from "../../scripts/batch/bar.ts";
import { faultOfOptions } from "../../scripts/batch/options.ts";
import { digestOf } from "../../scripts/batch/record.ts";
import { lockOutput } from "../files/lock-output.ts";
import { picturesOf } from "../readers/picture-check.ts";
import { hasBoxes } from "./boxes.ts";
import { Part } from "./part.ts";
import { type PostMasks, segmentPosts } from "./segment-posts.ts";
import { SegmentService } from "./service.ts";

/** The options of commands that ask for masks. */
export const ASKING_OPTIONS = ["images", "out", "endpoint", "key", "max-concurrent", "max-cost", "limit"];

export const ASKING_USAGE = `--images DIR          the folder of the pictures: ID.jpg, ID.jpeg or ID.png
--endpoint URL        a deployment; without it, a stack is started on this machine
--key KEY             a key with the scope stages, else NAMESIGHT_KEY of the environment
--max-concurrent N    posts that are asked at a time, 1 to 50 (default 4)
--max-cost USD        asks nothing more once the posts cost so much
--limit N             the first N posts alone`;

/** How masks are asked for. */
export interface Asking {
  readonly images: string;
  readonly out: string;
  readonly url: URL;
  /** The deployment as the part names it; null for a stack of this machine. */
  readonly endpoint: string | null;
  readonly key: string | null;
  readonly concurrency: number;
  /** Nano-dollars; null without a limit. */
  readonly maxCost: number | null;
  readonly limit: number | null;
}

type Values = Readonly<Record<string, string>>;

/** What the options say, or what is wrong with them. */
export function askingOf(values: Values, environment: NodeJS.ProcessEnv): Asking | string {
  const { images, out, endpoint, "max-concurrent": concurrent = "4", "max-cost": cost, limit } = values;
  if (images === undefined || out === undefined) return "--images DIR and --out FILE are required";
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) return `--limit is a whole number from 1, not ${limit}`;
  const address = endpoint ?? environment.NAMESIGHT_URL;
  if (!address) return "NAMESIGHT_URL is not set and there is no --endpoint; npm run eval starts a stack";
  const fault = faultOfOptions(values, environment) ?? faultOfOptions({ endpoint: address }, {});
  if (fault !== null) return fault;
  // A stack on this machine asks for no key.
  const key = endpoint === undefined ? undefined : (values.key ?? environment.NAMESIGHT_KEY);
  const url = new URL(address);
  return {
    images,
    out,
    url,
    endpoint: endpoint === undefined ? null : url.href.replace(/\/$/, ""),
    key: key ?? null,
    concurrency: Number(concurrent),
    maxCost: cost === undefined ? null : toNanoDollars(cost),
    limit: limit === undefined ? null : Number(limit),
  };
}

/** The masks of the posts that were asked about. */
export interface AskedMasks {
  /** The posts of the input, or the first of them (`limit`). */
  readonly posts: readonly EvaluatedPost[];
  readonly byPost: ReadonlyMap<string, PostMasks>;
  /** What the posts were charged, in nano-dollars, those of an earlier process included. */
  readonly cost: number;
  /** Whether the limit of cost ended it: then nothing is written. */
  readonly isOverCost: boolean;
}

/** What a test replaces. */
export interface World {
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly clock: () => number;
  readonly timeoutMs?: number;
}

const WORLD: World = {
  sleep: (milliseconds) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  clock: Date.now,
};

/**
 * Asks for the masks of posts, with a bar, and has them written. What is answered stays in `OUT.part` until then, so
 * that the same command goes on where it was stopped; and after it while posts have failed, which are then asked again.
 *
 * @param write writes the masks, once all posts were asked
 * @throws when the pictures or the part cannot be used, another process works on the output, or the deployment refuses
 */
export async function askForMasks(
  all: readonly EvaluatedPost[],
  asking: Asking,
  write: (asked: AskedMasks) => void,
  world: World = WORLD,
): Promise<AskedMasks> {
  const { images, out, url, key, endpoint, concurrency, maxCost, limit } = asking;
  const pictures = await picturesOf(images);
  const posts = all.slice(0, limit ?? all.length);
  const release = lockOutput(`${out}.part.lock`, out);
  try {
    const input = digestOf(JSON.stringify(all));
    const part = new Part(`${out}.part`, input, endpoint);
    const withBoxes = posts.filter(hasBoxes).length;
    const standing = { done: 0, failed: 0, posts: withBoxes, cost: part.cost };
    const bar = new Bar(world.clock, { ...standing, done: Math.min(part.posts.size, withBoxes) });
    let said: string | null = null;
    const progressed = ({ failure }: PostMasks) => {
      standing.done++;
      standing.failed += Number(failure !== null);
      standing.cost = part.cost;
      said = show(bar, standing);
    };
    const service = new SegmentService({ url, key, fetch: (address, init) => fetch(address, init), tell, ...world });
    const byPost = await segmentPosts({ posts, pictures, input, part, service, concurrency, maxCost, progressed });
    if (said !== bar.text(standing)) tell(bar.text(standing));
    const asked = { posts, byPost, cost: part.cost, isOverCost: byPost.size < withBoxes };
    if (!asked.isOverCost) write(asked);
    if (!asked.isOverCost && standing.failed === 0) part.remove();
    return asked;
  } finally {
    release();
  }
}

/** @returns the line that it has said; null where none was, or where the next one replaces it */
function show(bar: Bar, standing: Parameters<Bar["text"]>[0]): string | null {
  const text = bar.text(standing);
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  if (process.stderr.isTTY || !bar.isTenth(standing)) return null;
  console.error(text);
  return text;
}

/** Clears the line of the bar, where there is one, and says a sentence. */
function tell(sentence: string): void {
  console.error(`${process.stderr.isTTY ? "\r\u001b[2K" : ""}${sentence}`);
}
