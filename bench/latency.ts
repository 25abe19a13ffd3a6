import { printResult, readBenchOptions } from "./command-line.ts";
import { decodePosts, noisyPicture } from "./latency/pictures.ts";
import { summariseLatency } from "./latency/summary.ts";
import { sendPost, type TimedAnswer } from "./post.ts";

const USAGE = `usage: npm run bench -- [--posts N] [--json]
       npm run bench -- load [--help]

Measure how long the answer to a post takes on this machine, models included. Each post has a new picture, so that no
cache answers. Prints the first answer, the median and the 95th percentile of the next ones, the median answer over the
sum of its calls to models, and the memory of the functions. \`load\` sends many posts at once instead.

  --posts N   posts to measure (30)
  --json      print the result as JSON`;

/** Run the benchmark. Returns the exit status. */
export async function benchLatency(
  argv: string[],
  stack: () => { worker: string; functions: string },
): Promise<number> {
  const options = readBenchOptions(argv, USAGE, 30);
  if (typeof options === "number") return options;
  const { worker, functions } = stack();
  const posts = await decodePosts("examples");
  const answers: TimedAnswer[] = [];
  for (let index = 0; index <= options.posts; index++) {
    const post = posts[index % posts.length];
    if (post) answers.push(await sendPost(worker, post.text, await noisyPicture(index, post), post.fileName));
  }
  const [first, ...rest] = answers;
  if (!first) throw new Error("no post was answered");
  const { rss_mb } = (await (await fetch(`${functions}/health`)).json()) as { rss_mb: number };
  printResult({ ...summariseLatency(first, rest), functions_rss_mb: rss_mb }, options.json);
  return 0;
}
