/** `npm run demo`: sends posts to a local stack, prints a table for each and writes `out/<post>.json` and `.png`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { readEvents } from "../schemas/event-reader.ts";
import type { RecognizeAnswer } from "../schemas/recognize.ts";
import { readOptions, refuseUsage } from "./arguments.ts";
import { answerTable } from "./demo/answer-table.ts";
import { Progress } from "./demo/progress.ts";
import { withStack } from "./stack/use.ts";

const USAGE = `
npm run demo [-- OPTIONS]: sends the posts in examples/ to a stack on this machine, prints a table for each, and writes
out/<post>.json (the answer) and out/<post>.png (the answer drawn on the picture).

  --text TEXT    a post of your own instead
  --image FILE   its picture (JPEG, PNG or WebP)
  --json         print the answer to --text as JSON and nothing else (npm run -s demo -- …)

NAMESIGHT_URL uses a stack that runs already; NAMESIGHT_VERBOSE=1 prints what the stack prints.
`;

interface Post {
  readonly name: string;
  readonly text: string;
  /** A file, or null for a post without a picture. */
  readonly image: string | null;
}

const options = readOptions(USAGE, {
  text: { type: "string" },
  image: { type: "string" },
  json: { type: "boolean", default: false },
});
if (options.text === undefined && (options.image !== undefined || options.json))
  refuseUsage("--image and --json need --text", USAGE);

await withStack(async ({ NAMESIGHT_URL }) => {
  await mkdir("out", { recursive: true });
  for (const post of await readPosts()) await demonstrate(post, NAMESIGHT_URL);
  return 0;
});

async function readPosts(): Promise<Post[]> {
  if (options.text !== undefined) return [{ name: "post", text: options.text, image: options.image ?? null }];
  const files = (await readdir("examples")).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (file) => {
      const { text, image } = JSON.parse(await readFile(join("examples", file), "utf8")) as {
        text: string;
        image: string;
      };
      return { name: basename(file, ".json"), text, image: join("examples", image) };
    }),
  );
}

/** Throws an `Error` with a message for people when a post has no answer. */
async function demonstrate(post: Post, url: string): Promise<void> {
  const picture = post.image === null ? null : await readFile(post.image);
  const started = performance.now();
  const answer = await follow(post, await recognize(url, post, picture, "text/event-stream"));
  const milliseconds = Math.round(performance.now() - started);
  await writeFile(join("out", `${post.name}.json`), `${JSON.stringify(answer, null, 2)}\n`);
  if (picture) {
    const overlay = await recognize(url, post, picture, "image/png");
    if (overlay.ok) await writeFile(join("out", `${post.name}.png`), new Uint8Array(await overlay.arrayBuffer()));
    else console.error(`${post.name}: no overlay: ${await overlay.text()}`);
  }
  if (options.json) console.log(JSON.stringify(answer, null, 2));
  else console.log(`${post.name} (${milliseconds} ms): ${post.text}\n${answerTable(answer)}\n`);
}

/** The answer at the end of a stream of events. On a terminal, one line tells meanwhile how far the post is. */
async function follow(post: Post, response: Response): Promise<RecognizeAnswer> {
  if (!response.ok || !response.body) {
    throw new Error(`${post.name}: HTTP ${response.status} ${await response.text()}`);
  }
  const progress = new Progress();
  const show = (line: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
  };
  for await (const read of readEvents(response.body)) {
    if (read.event === "end") {
      show("");
      return JSON.parse(read.data) as RecognizeAnswer;
    }
    progress.add(read);
    show(`${post.name}: ${progress}`);
  }
  throw new Error(`${post.name}: the stream ended without an answer`);
}

function recognize(url: string, post: Post, picture: Buffer | null, accept: string): Promise<Response> {
  const form = new FormData();
  form.set("text", post.text);
  if (picture) form.set("image", new Blob([new Uint8Array(picture)]), basename(post.image ?? "image"));
  return fetch(`${url}/v1/recognize`, { method: "POST", body: form, headers: { accept } });
}
