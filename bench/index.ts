/**
 * `npm run bench`: what one post costs on this machine, models included. A new picture every time (noise in its lowest
 * bits), so that nothing is answered from what was computed before. Prints the first answer after the ready line, the
 * median of warm answers, what the Worker adds to the models' own milliseconds, and the memory of the functions.
 * `--posts N` (30) and `--json`.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import sharp, { type OutputInfo } from "sharp";
import { RecognizeAnswer } from "../schemas/recognize.ts";

const { values } = parseArgs({
  options: { posts: { type: "string", default: "30" }, json: { type: "boolean", default: false } },
});
const wanted = Number(values.posts);
const worker = process.env.NAMESIGHT_URL;
const functions = process.env.FUNCTIONS_URL;
if (!worker || !functions || !(wanted > 0)) {
  console.error("usage: npm run bench -- [--posts N] [--json]");
  process.exit(2);
}

const posts = await examples();
const first = await timed(0);
const answers: Array<{ ms: number; models: number }> = [];
for (let index = 1; index <= wanted; index++) answers.push(await timed(index));

const milliseconds = answers.map(({ ms }) => ms);
const result = {
  first_answer_ms: first.ms,
  posts: wanted,
  p50_ms: quantile(milliseconds, 0.5),
  p95_ms: quantile(milliseconds, 0.95),
  /** The answer's time over the sum of its calls to models. Below 1 where stages run beside each other. */
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
if (values.json) console.log(JSON.stringify(result));
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

/** The picture of a post with its lowest bits changed, as JPEG: other bytes, the same thing to see. */
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

function quantile(values_: number[], share: number): number {
  const sorted = values_.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
