/** `npm run bench`. `scripts/with-stack.ts` starts a stack and sets NAMESIGHT_URL and FUNCTIONS_URL. */
import { printResult, readBenchOptions } from "./command-line.ts";
import { decodePosts, noisyPicture } from "./latency/pictures.ts";
import { summariseLatency } from "./latency/summary.ts";
import { sendPost, type TimedAnswer } from "./post.ts";

const USAGE = `usage: npm run bench -- [--posts N] [--json]

Measure how long the answer to a post takes on this machine, models included. Each post has a new picture, so that no
cache answers. Prints the first answer, the median and the 95th percentile of the next ones, the median answer over the
sum of its calls to models, and the memory of the functions.

  --posts N   posts to measure (30)
  --json      print the result as JSON`;

const options = readBenchOptions(process.argv.slice(2), USAGE, 30);
if (typeof options === "number") process.exit(options);
const { NAMESIGHT_URL: worker, FUNCTIONS_URL: functions } = process.env;
if (!worker || !functions) {
  console.error("NAMESIGHT_URL and FUNCTIONS_URL are not set: they name the stack; npm run bench starts one.");
  process.exit(2);
}

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
