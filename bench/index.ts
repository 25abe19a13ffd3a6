/**
 * `npm run bench`: how long one post takes on this machine, models included. Every post has a new picture (noise in the
 * lowest bits), so that no cache answers. Prints the time of the first answer after start-up, the median and the 95th
 * percentile of the later ones, their ratio to the models' own time, and the memory of the functions.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp, { type OutputInfo } from "sharp";
import { RecognizeAnswer } from "../schemas/recognize.ts";
import { readCommandLine, stackUrl } from "./command-line.ts";

const { posts: postCount, json } = readCommandLine(
  `usage: npm run bench -- [--posts N] [--json]

Measure how long a post takes, over N posts (30).`,
  30,
);
const worker = stackUrl("NAMESIGHT_URL");
const functions = stackUrl("FUNCTIONS_URL");

const posts = await examples();
const first = await timed(0);
const answers: Array<{ ms: number; models: number }> = [];
for (let index = 1; index <= postCount; index++) answers.push(await timed(index));

const milliseconds = answers.map(({ ms }) => ms);
const result = {
  first_answer_ms: first.ms,
  posts: postCount,
  p50_ms: quantile(milliseconds, 0.5),
  p95_ms: quantile(milliseconds, 0.95),
  /** The median answer over the median sum of its model calls: below 1 where stages run in parallel. */
  answer_over_models: Number(
    (
      quantile(milliseconds, 0.5) /
      quantile(
        answers.map(({ models }) => models),
        0.5,
      )
    ).toFixed(2),
  ),
  functions_rss_mb: ((await (await fetch(`${functions}/health`)).json()) as { rss_mb: number }).rss_mb,
};
if (json) console.log(JSON.stringify(result));
else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(20)} ${value}`);

async function examples(): Promise<Array<{ text: string; name: string; pixels: Buffer; info: OutputInfo }>> {
  const files = (await readdir("examples")).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (file) => {
      const { text, image } = JSON.parse(await readFile(join("examples", file), "utf8")) as {
        text: string;
        image: string;
      };
      const { data, info } = await sharp(join("examples", image))
        .toColourspace("srgb")
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { text, name: basename(image), pixels: data, info };
    }),
  );
}

/** A post's picture as JPEG with its lowest bits changed: other bytes, the same content. */
async function picture(index: number, { pixels, info }: { pixels: Buffer; info: OutputInfo }): Promise<Blob> {
  const { width, height, channels } = info;
  const changed = pixels.map((value, at) => value ^ (Math.imul(at + 1, 2_654_435_761 + index * 2) >>> 31));
  return new Blob([
    new Uint8Array(await sharp(changed, { raw: { width, height, channels } }).jpeg({ quality: 92 }).toBuffer()),
  ]);
}

async function timed(index: number): Promise<{ ms: number; models: number }> {
  const post = posts[index % posts.length];
  if (!post) throw new Error("examples/ has no posts");
  const form = new FormData();
  form.set("text", post.text);
  form.set("image", await picture(index, post), post.name);
  const started = performance.now();
  const response = await fetch(`${worker}/v1/recognize`, { method: "POST", body: form });
  const body = await response.text();
  const ms = Math.round(performance.now() - started);
  if (!response.ok) throw new Error(`${response.status} ${body}`);
  const answer = RecognizeAnswer.parse(JSON.parse(body));
  if (answer.partial) throw new Error(`a stage failed: ${JSON.stringify(answer.problems)}`);
  return { ms, models: answer.stages.reduce((sum, stage) => sum + stage.ms, 0) };
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
